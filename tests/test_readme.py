"""Every command and every output in the READMEs is what really happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import spacerace_kg
from spacerace_kg import queries

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted(ROOT.glob("*/*/README.md"))]
SHELL = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)


def blocks(language: str) -> list[str]:
    """Return all blocks of a language on all pages."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    return list(dict.fromkeys(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)))


def steps() -> list[tuple[str, str]]:
    """Return each command of the console blocks with the output that is shown behind it."""
    found = []
    for block in blocks("console"):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return list(dict.fromkeys(found))


def run(command: str, folder: Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "120"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("command", "output"), steps(), ids=[c for c, _ in steps()])
def test_a_command_of_the_readme_gives_what_is_shown(
    tmp_path: Path, command: str, output: str
) -> None:
    done = run(command.replace("/tmp/", f"{tmp_path}/"), ROOT)
    assert done.returncode == 0, done.stderr
    pattern = ".*\n".join(re.escape(part) for part in output.split("…\n"))
    if output:
        assert re.fullmatch(pattern, done.stdout, re.DOTALL), done.stdout


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_of_the_readme_runs(code: str) -> None:
    done = run(f"python - <<'EOF'\n{code}\nEOF", ROOT)
    assert done.returncode == 0, done.stderr


def test_the_counts_of_the_readme_are_those_of_the_graph(kg: spacerace_kg.KnowledgeGraph) -> None:
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([\d,]+) \| `(.+?)` \|$", README, re.MULTILINE)
    assert rows
    for shown, pattern in rows:
        found = kg.sparql(
            "PREFIX sr: <https://w3id.org/spacerace/ontology#> "
            f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}"
        )
        assert isinstance(found, spacerace_kg.Answer)
        assert f"{found.rows[0][0]:,}" == shown, pattern


def test_every_path_in_the_readmes_exists() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a fresh copy of the checkout with a new virtual environment, and what it printed.

    README's first command makes the environment, with packages from the registry.
    """
    copy = tmp_path_factory.mktemp("fresh") / "checkout"
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not any(tracked):  # no git checkout
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "dist"))
    for name in filter(None, tracked):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    done = run(SHELL[0].replace("python3", sys.executable, 1), copy)
    _skip_without_registry(done)
    assert done.returncode == 0, done.stderr
    return copy, done.stdout


def test_the_first_command_works_in_a_fresh_copy(first: tuple[Path, str]) -> None:
    assert "yuri-gagarin" in first[1]


def test_the_wheel_works_in_an_empty_folder(first: tuple[Path, str], tmp_path: Path) -> None:
    """The wheel carries ontology, graph and queries, and asks and checks them from anywhere."""
    built = run(f"python -m build --wheel --outdir {tmp_path}/dist {ROOT}", tmp_path)
    _skip_without_registry(built)
    assert built.returncode == 0, built.stderr
    (tmp_path / "empty").mkdir()
    programs = first[0] / ".venv" / "bin"
    command = (
        f"{programs}/pip uninstall -qy spacerace-kg"
        f" && {programs}/pip install -q --no-deps {tmp_path}/dist/*.whl"
        f" && {programs}/spacerace ask firsts --format tsv"
        f" && {programs}/spacerace check"
    )
    done = run(command, tmp_path / "empty")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (ROOT / "tests" / "answers" / "firsts.tsv").read_text("utf-8")


def _skip_without_registry(done: subprocess.CompletedProcess[str]) -> None:
    offline = re.search(
        r"No matching distribution|Connection|Temporary failure|timed out", done.stderr
    )
    if done.returncode and offline and os.environ.get("CI") != "true":
        pytest.skip("the package registry cannot be reached from here")


def test_the_list_of_questions_is_current() -> None:
    page = (ROOT / "queries" / "README.md").read_text("utf-8")
    assert page == queries.to_markdown(queries.read_all(ROOT / "queries").values())
