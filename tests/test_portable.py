"""The canned questions use only what every engine that was tried answers alike.

Each rule names a construct that some engine answers in its own way, or not at all, and holds an
example that it must refuse. Measured on Oxigraph, rdflib, Fuseki, RDF4J and Virtuoso.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

FILES = sorted((Path(__file__).resolve().parent.parent / "queries").glob("*.rq"))


def code(text: str) -> str:
    """Return a query without comments, with its texts and IRIs emptied."""
    text = re.sub(r"<[^<>\"{}|^`\\\s]*>", "<>", text)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    return re.sub(r"#[^\n]*", "", text)


def words(pattern: str) -> Callable[[str], bool]:
    """Return a rule that refuses what a pattern finds, whatever the case."""
    found = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda text: bool(found.search(code(text)))


def whole_division(text: str) -> bool:
    """Refuse a division in an expression unless one side is written as a decimal."""
    inside = re.sub(
        r"\b(?:sr|id|rdfs|skos|rdf|dcterms|xsd):[\w-]+(?:\s*[/|^*+?]\s*\^?\w+:[\w-]+)+",
        "",
        code(text),
    )
    return bool(re.search(r"[\w)?]\s*/\s*(?![\s]*\d+\.\d)[\w(?]", inside))


def no_order(text: str) -> bool:
    """Refuse a SELECT whose rows have no order."""
    return not re.search(r"\}[^{}]*\bORDER\s+BY\b[^{}]*\Z", code(text), re.IGNORECASE)


def order_by_hidden_rest(text: str) -> bool:
    """Refuse an order by nothing but literals' expressions: the last key must be a variable."""
    last = re.search(r"ORDER\s+BY\b([^{}]*)\Z", code(text), re.IGNORECASE)
    return bool(last and not re.search(r"\?\w+\)*\s*(?:LIMIT\s+\d+\s*)?\Z", last[1]))


def undef_before_union(text: str) -> bool:
    """Refuse a shown parameter's VALUES before a UNION: Virtuoso then leaves its column empty."""
    bare = code(text)
    shown = bare[: bare.upper().find("WHERE")]
    for match in re.finditer(r"VALUES\s+\?(\w+)\s*\{\s*UNDEF\s*\}", bare):
        union = re.match(r"(?:\s*VALUES\s+\S+\s*\{[^}]*\})*\s*\{(?!\s*SELECT)", bare[match.end() :])
        if union and re.search(rf"\?{match[1]}\b", shown):
            return True
    return False


def values_of_predicates(text: str) -> bool:
    """Refuse VALUES with several columns that bind a predicate: Virtuoso does not come back."""
    for match in re.finditer(r"VALUES\s*\(([^)]*)\)\s*\{([^}]*)\}", code(text)):
        first = match[1].split()[0]
        used = re.search(rf"\?\w+\s+{re.escape(first)}\s+\?\w+", code(text))
        if (
            "UNDEF" not in match[2]
            and used
            and re.search(r"VALUES\s+\?\w+\s*\{\s*UNDEF", code(text)[: match.start()])
        ):
            return True
    return False


def predicate_in_filter(text: str) -> bool:
    """Refuse a predicate that a FILTER chooses from a list: Virtuoso does not come back."""
    bare = code(text)
    chosen = re.findall(r"FILTER\s*\(\s*\?(\w+)\s+IN\s*\(", bare, re.IGNORECASE)
    return any(re.search(rf"\?\w+\s+\?{name}\s+\?\w+", bare) for name in chosen)


def compared_under_any_predicate(text: str) -> bool:
    """Refuse < and > on the object of a variable predicate: some plans of Virtuoso lose rows."""
    bare = re.sub(r"\b(?:SELECT|(?:GROUP|ORDER)\s+BY)\b[^{}]*", "", code(text), flags=re.IGNORECASE)
    names = re.findall(r"\?\w+\s+\?\w+\s+\?(\w+)\b", bare)
    compared = r"(?<!!)\(\s*(?:\?{0}\s*[<>]|\?\w+\s*[<>]=?\s*\?{0}\b)"
    return any(re.search(compared.format(name), bare) for name in names)


def order_by_plain_text(text: str) -> bool:
    """Refuse an order by a stored text without a language, unless by its characters, STR(?x)."""
    texts = r"\?(?:locator|reason|why|description|url)\b"
    return any(
        re.search(texts, re.sub(r"STR\s*\([^)]*\)", "", keys))
        for keys in re.findall(r"ORDER\s+BY\b([^{}]*)", code(text), re.IGNORECASE)
    )


class Rule(NamedTuple):
    """What is refused, why, and an example."""

    why: str
    refuses: Callable[[str], bool]
    bad: str


END = " } ORDER BY ?a"
RULES = {
    "integer division": Rule(
        "7/2 is 3 in Virtuoso and 3.5 elsewhere: write a divisor with a point, 2.0",
        whole_division, "SELECT ?a WHERE { ?a ?b ?c BIND(?c / 2 AS ?d)" + END),
    "xsd:date": Rule(
        "casts to and comparisons of xsd:date differ everywhere",
        words(r"xsd:(?:date|gYear|gYearMonth|time)\b"),
        "SELECT ?a WHERE { ?a ?b ?c FILTER(xsd:date(?c) = ?d)" + END),
    "duration": Rule(
        "durations have five spellings: take seconds from the graph",
        words(r"xsd:(?:\w*[dD]uration)\b"),
        'SELECT ?a WHERE { ?a ?b ?c FILTER(?c > "P1D"^^xsd:dayTimeDuration)' + END),
    "ADJUST": Rule(
        "ADJUST is SPARQL 1.2 and differs", words(r"\bADJUST\s*\("),
        "SELECT ?a WHERE { ?a ?b ?c BIND(ADJUST(?c) AS ?d)" + END),
    "NOW and RAND": Rule(
        "no two answers are alike", words(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\("),
        "SELECT ?a WHERE { ?a ?b ?c FILTER(?c < NOW())" + END),
    "look-ahead": Rule(
        "regular expressions of XPath have no look-ahead",
        lambda text: bool(re.search(r"\(\?(?:=|!|<)", re.sub(r"#[^\n]*", "", text))),
        'SELECT ?a WHERE { ?a ?b ?c FILTER(REGEX(?c, "a(?=b)"))' + END),
    "escaped names": Rule(
        r"rdflib does not unescape id:a\/b: write the full IRI",
        lambda text: bool(re.search(r"\b\w+:[\w.-]*\\[^\s\"]", code(text))),
        r"SELECT ?a WHERE { ?a ?b id:vostok-1\/launch" + END),
    "no order": Rule(
        "rows without a total order come as the engine likes", no_order,
        "SELECT ?a WHERE { ?a ?b ?c }"),
    "order by an expression at the end": Rule(
        "the last key must be a variable that tells rows apart", order_by_hidden_rest,
        "SELECT ?a WHERE { ?a ?b ?c } ORDER BY DESC(?c) 1"),
    "SERVICE": Rule(
        "a canned question stays in the store", words(r"\bSERVICE\b"),
        "SELECT ?a WHERE { SERVICE <http://x/> { ?a ?b ?c }" + END),
    "FROM": Rule(
        "the default graph is chosen where the question is asked", words(r"(?<![?\w])FROM\b"),
        "SELECT ?a FROM <http://x/> WHERE { ?a ?b ?c" + END),
    "GRAPH": Rule(
        "the layers may be in the default graph or in named ones", words(r"(?<![?\w])GRAPH\b"),
        "SELECT ?a WHERE { GRAPH ?g { ?a ?b ?c }" + END),
    "blank nodes": Rule(
        "the graph has none, and some engines show them in SELECT *",
        words(r"_:\w|\[\s*\]|\[\s*(?:a\b|\w+:)"),
        "SELECT ?a WHERE { ?a ?b [ a ?c ]" + END),
    "SELECT *": Rule(
        "columns come in the engine's order", words(r"SELECT\s+(?:DISTINCT\s+)?\*"),
        "SELECT * WHERE { ?a ?b ?c" + END),
    "LIMIT inside": Rule(
        "LIMIT or OFFSET in a subquery takes what the engine finds first",
        words(r"\b(?:LIMIT|OFFSET)\s+\d+\s*\}"),
        "SELECT ?a WHERE { { SELECT ?a WHERE { ?a ?b ?c } LIMIT 1 }" + END),
    "SAMPLE": Rule(
        "SAMPLE takes what the engine finds first", words(r"\bSAMPLE\s*\("),
        "SELECT (SAMPLE(?b) AS ?a) WHERE { ?a ?b ?c" + END),
    "GROUP_CONCAT of a tagged text": Rule(
        "Oxigraph keeps the language tag, others drop it: GROUP_CONCAT(STR(?x); …)",
        words(r"GROUP_CONCAT\s*\(\s*(?:DISTINCT\s+)?\?\w*[nN]ames?\b"),
        'SELECT (GROUP_CONCAT(?cName; SEPARATOR="; ") AS ?a) WHERE { ?a ?b ?cName' + END),
    "UNDEF before UNION": Rule(
        "Virtuoso loses the variable: put the VALUES line behind the UNION", undef_before_union,
        "SELECT ?a WHERE { VALUES ?a { UNDEF } { ?a ?b ?c } UNION { ?c ?b ?a }" + END),
    "predicates from a table": Rule(
        "Virtuoso does not come back: write a UNION", values_of_predicates,
        "SELECT ?a WHERE { VALUES ?a { UNDEF } ?a a ?c . "
        'VALUES (?b ?d) { (sr:x "x") (sr:y "y") } ?a ?b ?c' + END),
    "a predicate from a FILTER": Rule(
        "Virtuoso does not come back: write a UNION", predicate_in_filter,
        "SELECT ?a WHERE { ?a ?b ?c FILTER(?b IN (sr:crew, sr:crewUp))" + END),
    "a comparison under any predicate": Rule(
        "Virtuoso loses rows by some of its plans: FILTER(!(?number < ?least))",
        compared_under_any_predicate,
        "SELECT ?a WHERE { ?d sr:onProperty ?b ; sr:atLeast ?e . ?a ?b ?c FILTER(?c >= ?e)" + END),
    "order by a plain text": Rule(
        "Virtuoso has an order of its own for texts that begin alike: ORDER BY STR(?x)",
        order_by_plain_text, "SELECT ?a WHERE { ?a ?b ?locator } ORDER BY ?locator ?a"),
    "a language's case": Rule(
        "Oxigraph lower-cases language tags: write them in lower case",
        lambda text: bool(re.search(r'LANG\([^)]*\)\s*=\s*"[^"]*[A-Z]', text)),
        'SELECT ?a WHERE { ?a ?b ?c FILTER(LANG(?c) = "en-GB")' + END),
    "comparison as a number": Rule(
        "comparisons are 1 and 0 in Virtuoso: write IF(a = b, 1, 0)",
        words(r"SUM\s*\(\s*\?\w+\s*(?:=|<|>|!=)"),
        "SELECT (SUM(?b = ?c) AS ?a) WHERE { ?a ?b ?c" + END),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_each_rule_refuses_its_example(name: str) -> None:
    """A rule that refuses nothing protects nobody."""
    assert RULES[name].refuses(RULES[name].bad)


@pytest.mark.parametrize("name", RULES)
def test_each_rule_lets_a_plain_question_pass(name: str) -> None:
    """A rule that refuses everything would be switched off."""
    good = (
        "SELECT ?a (COUNT(?b) AS ?n) WHERE {\n  VALUES ?a { UNDEF }\n"
        "  ?a sr:launch/sr:earliest ?b .\n"
        "  BIND(?c / 2.0 AS ?d)\n}\nGROUP BY ?a\nORDER BY ?n ?a\n"
    )
    assert not RULES[name].refuses(good)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_canned_questions_are_portable(path: Path) -> None:
    """Every engine gives the same rows."""
    text = path.read_text("utf-8")
    broken = [f"{name}: {rule.why}" for name, rule in RULES.items() if rule.refuses(text)]
    assert not broken, f"{path.name}: " + "; ".join(broken)
