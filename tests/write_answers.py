"""Write the expected answer of each canned question anew, to be read before it is committed.

``python tests/write_answers.py`` asks the embedded graph; ``git diff tests/answers`` then shows
what changed.
"""

from __future__ import annotations

from pathlib import Path

import spacerace_kg

ANSWERS = Path(__file__).parent / "answers"


def main() -> None:
    """Write a file for each question as it stands, and one with its parameters' examples."""
    kg = spacerace_kg.connect()
    ANSWERS.mkdir(exist_ok=True)
    written = set()
    for name, query in kg.queries().items():
        examples = {p.name: p.example for p in query.parameters.values()}
        cases = {f"{name}.tsv": {}, **({f"{name}.example.tsv": examples} if examples else {})}
        for file, values in cases.items():
            (ANSWERS / file).write_text(kg.ask(name, **values).to_tsv(), "utf-8", newline="\n")
            written.add(file)
    for path in ANSWERS.iterdir():
        if path.name not in written:
            path.unlink()


if __name__ == "__main__":
    main()
