"""What is proposed to Wikidata: only what is proven and lacking, in a form that cannot be misread.

The readers below follow the code of the two tools: QuickStatements in PHP (importDataFromV1,
importDataFromCSV, parseValueV1) and QuickStatements 3 in Python (core/parsers).
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from asking import run
from wikidata_comparing import ANSWERS, TABLE, day, item, rows, said, snapshot, thing
from wikidata_server import CONTACT, SNAPSHOT, tiny_wikidata

import spacerace_kg
from spacerace_kg.cli import main
from spacerace_kg.wikidata import quickstatements
from spacerace_kg.wikidata.alignment import Correspondence, Theirs
from spacerace_kg.wikidata.compare import Comparison, Row
from spacerace_kg.wikidata.evidence import Claimed, Source
from spacerace_kg.wikidata.items import Value
from spacerace_kg.wikidata.judge import Judge
from spacerace_kg.wikidata.mismatches import mismatches
from spacerace_kg.wikidata.ours import Linked, Ours
from spacerace_kg.wikidata.quickstatements import Command, commands, to_csv, v1

GCAT = Source("gcat", "Catalogue", "https://planet4589.org/space/gcat/", "", "2026-11-22")
NMC = "https://nssdc.gsfc.nasa.gov/nmc/"
FRUS = "https://history.state.gov/historicaldocuments/"
CITED = 'S854\t"https://planet4589.org/space/gcat/"\tS813\t+2026-11-22T00:00:00Z/11'
CITED_HOSTS = {
    "github.com", "history.nasa.gov", "history.state.gov", "historycollection.jsc.nasa.gov",
    "kids.britannica.com", "legal.un.org", "nsarchive.gwu.edu", "nssdc.gsfc.nasa.gov",
    "www.aftc.af.mil", "www.astronautix.com", "www.britannica.com", "www.challenger.org",
    "www.dlr.de",
    "www.encyclopedia.com", "www.energia.ru", "www.jfklibrary.org", "www.nasa.gov",
    "www.sciencemuseum.org.uk", "www.spacefacts.de", "www.taylorfrancis.com",
    "www.worldspaceflight.com",
}  # fmt: skip


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours(spacerace_kg.connect())


def proposed(
    ours: Ours, value: str, kind: str = "string", *, unit: str = "", property: str = "P247",
    source: Source = GCAT, part: str = "vostok-1", theirs=(), rivals=(), **more,
) -> str:  # fmt: skip
    """Return the V1 of one value that is missing there, with one source."""
    claimed = Claimed(value, "normal", (source,), more.pop("certain", True), "", part)
    linked = Linked("vostok-1", "Q182524", more.pop("relation", "exact"))
    add, verdict = more.pop("add", True), more.pop("verdict", "missing there")
    way = Correspondence(
        "x", ("Mission",), (Theirs(property, False, "", ""),), kind, unit, False, "exact", add, ()
    )
    assert not more
    row = Row(linked, "x", property, claimed, None, verdict, "", way, tuple(rivals))
    return v1(commands([row], Judge(ours, snapshot(*theirs), [])))


def label(ours: Ours, text: str, language: str = "ru") -> list[Command]:
    claimed = Claimed(text, "normal", (), True, "", "vostok-1")
    linked = Linked("vostok-1", "Q182524", "exact")
    row = Row(linked, "label", f"L{language}", claimed, None, "missing there", "")
    assert commands([row], Judge(ours, snapshot(), [])) == []
    return commands([row], Judge(ours, snapshot(), []), labels=True)


#
# What a value becomes
#


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1961-04-12", "+1961-04-12T00:00:00Z/11"),
        ("1961-04-12T06:07Z", "+1961-04-12T00:00:00Z/11"),
        ("1961-04-12T06:07:59Z", "+1961-04-12T00:00:00Z/11"),
        ("1961-04", "+1961-04-00T00:00:00Z/10"),
        ("1961", "+1961-00-00T00:00:00Z/9"),
        ("1961-04-12~", ""),
        ("1961?", ""),
        ("196X", ""),
        ("1961-21", ""),
        ("1957-10/1958", ""),
        ("1957-10/..", ""),
    ],
)
def test_date_is_as_precise_as_ours_and_no_finer_than_a_day(ours, date, expected):
    found = proposed(ours, date, "time", property="P619")
    assert found == (f"Q182524\tP619\t{expected}\t{CITED}\n" if expected else "")


def test_local_date_is_given_where_the_property_is_not_in_utc(ours):
    death = "georgy-dobrovolsky/death"
    assert ours.local_dates[death] == "1971-06-30"
    for property, expected in (("P570", "1971-06-30"), ("P620", "1971-06-29")):
        found = proposed(ours, "1971-06-29T23:16:52Z", "time", property=property, part=death)
        assert found == f"Q182524\t{property}\t+{expected}T00:00:00Z/11\t{CITED}\n"


@pytest.mark.parametrize(
    ("kind", "unit", "value", "expected"),
    [
        ("string", "", "1961-012A", '"1961-012A"'),
        ("string", "", "Восток-1, «Кедр»", '"Восток-1, «Кедр»"'),
        ("quantity", "Q11574", "6480", "6480U11574"),
        ("quantity", "Q11570", "83.6", "83.6U11570"),
        ("quantity", "", "3", "3"),
        ("item", "", "soviet-union", "Q15180"),
        ("item", "", "vostok-3ka", ""),  # not linked
        ("item", "", "apollo-1-fire", ""),  # closely linked
        ("word", "female=Q6581072 male=Q6581097", "female", "Q6581072"),
        ("word", "female=Q6581072 male=Q6581097", "unknown", ""),
        ("coordinate", "", "46,63", ""),  # the tool would make it exact to a millionth
    ],
)
def test_value_is_written_in_the_notation_of_its_kind(ours, kind, unit, value, expected):
    found = proposed(ours, value, kind, unit=unit)
    assert found == (f"Q182524\tP247\t{expected}\t{CITED}\n" if expected else "")


def test_item_that_was_merged_is_its_target_and_a_deleted_one_is_not_proposed(ours):
    merged = [item("Q15180", redirect="Q1"), item("Q1")]
    found = proposed(ours, "soviet-union", "item", theirs=merged)
    assert found == f"Q182524\tP247\tQ1\t{CITED}\n"
    assert proposed(ours, "soviet-union", "item", theirs=[item("Q15180", missing=True)]) == ""


def test_nothing_is_said_of_itself(ours):
    """One item stands for many a flight and its craft, of which ours are two."""
    assert proposed(ours, "vostok-1", "item") == ""


#
# What is not proposed
#


@pytest.mark.parametrize(
    "more",
    [
        {"verdict": "agrees"},
        {"verdict": "compatible"},
        {"verdict": "conflicts"},
        {"verdict": "unclear"},
        {"relation": "close"},
        {"add": False},
        {"certain": False},
        {"source": GCAT._replace(url="")},
        {"source": GCAT._replace(url="ftp://planet4589.org/")},
        {"source": GCAT._replace(url="", copy="https://example.org/gcat")},
        {"source": GCAT._replace(id="spacerace-kg")},
        {"source": GCAT._replace(kind="ReferenceWork")},
        {"source": GCAT._replace(kind="WebPage")},
        {"source": GCAT._replace(kind="NewsReport")},
        {"source": GCAT._replace(kind="")},
    ],
)
def test_only_what_is_lacking_and_proven_is_proposed(ours, more):
    assert proposed(ours, "1961-012A") == f'Q182524\tP247\t"1961-012A"\t{CITED}\n'
    assert proposed(ours, "1961-012A", **more) == ""


def work(id_: str, kind: str = "ReferenceWork", url: str = "", locator: str = "") -> Source:
    return Source(id_, kind, url or f"https://{id_}.example.org/", "", "", locator)


def claim(*sources: Source, certain: bool = True) -> Claimed:
    return Claimed("x", "normal", sources, certain, "", "p")


def test_two_works_of_reference_that_publish_apart_prove_a_value():
    one, other = work("spacefacts"), work("astronautix")
    same = work("britannica", url="https://www.spacefacts.example.org/2")
    copy = work("lardier")._replace(url="", copy="https://spacefacts.example.org/3")
    assert not claim(one).proven
    assert not claim(one, same).proven
    assert not claim(one, copy).proven
    assert claim(one, other).proven
    assert not claim(one, other, certain=False).proven
    printed = [source._replace(publisher="Britannica") for source in (one, other)]
    assert not claim(*printed).proven
    assert claim(printed[0], other).proven


@pytest.mark.parametrize(
    "second",
    [
        work("famous-birthdays", "WebPage"),
        work("wikipedia-en", "WebPage", "https://en.wikipedia.org/"),
        work("associated-press", "NewsReport"),
        work("nobody-s", ""),
        work("spacerace-kg", "Catalogue"),
    ],
)
def test_press_web_pages_blogs_and_wikis_prove_nothing(second):
    assert claim(work("spacefacts"), work("astronautix")).proven
    assert not claim(work("spacefacts"), second).proven
    assert not claim(second, second._replace(url="https://example.net/")).proven
    assert claim(work("gcat", "Catalogue"), second).cited == [work("gcat", "Catalogue")]


def test_two_who_prove_nothing_still_make_a_value_disputed():
    press, page = work("la-times-1991-12-26", "NewsReport"), work("websadovod", "WebPage")
    wiki = work("wikipedia-en", "WebPage", "https://en.wikipedia.org/")
    assert claim(press, page).disputes
    assert not claim(press, page).proven
    assert not claim(press, page, certain=False).disputes
    assert not claim(press, wiki).disputes
    assert claim(work("gcat", "Catalogue")).disputes


def test_disputed_end_of_the_soviet_union_is_not_proposed(ours):
    theirs = snapshot(item("Q15180"))
    found = commands(rows(ours, "soviet-union", theirs, "ending/date"), Judge(ours, theirs, []))
    (best,) = (c for c in ours.claimed("ending/date", ["soviet-union"])["soviet-union"] if c.proven)
    assert (best.value, found) == ("1991-12-26", [])


# Wikis, blogs, sites where anybody puts a file, free hosts, forums, and mirrors of the press.
NO_HOST_OF_ITS_OWN = re.compile(
    r"wiki|fandom\.|blogspot\.|wordpress\.|tumblr\.|substack\.|livejournal\.|hatenablog\.|"
    r"docslib|documentine|docsbox|docbox|fdocuments|issuu|scribd|studylib|doczz|oocities|geocities|"
    r"angelfire|narod\.|panix\.|\.pages\.dev|fortunecity|perso\.|forum|boards\.|kaggle|ourairports"
).search


def test_no_source_that_proves_a_thing_is_read_where_anybody_may_put_it(ours):
    weighty = {id_: source for id_, source in ours.sources.items() if source.weighs}
    assert [id_ for id_, source in weighty.items() if NO_HOST_OF_ITS_OWN(source.url)] == []
    assert ours.sources["nasa-spacelink-51-l"].copy.startswith("http://panix.com/")
    assert ours.sources["space-launch-schedule"].kind == "WebPage"


def test_nearest_source_is_cited_then_the_one_that_is_found_best():
    treaty, history = work("unts", "PrimaryDocument"), work("siddiqi-2000", "AgencyHistory")
    study, reference = work("harland-2005", "Scholarship"), work("spacefacts")
    bare, gcat = work("cosmos", "Catalogue"), work("gcat", "Catalogue", locator="1961 MU")
    nssdc = work("nssdc", "Catalogue", NMC, "1961-012A")
    upload = work("copuos-status", "PrimaryDocument")._replace(url="", copy="https://a.org/x")
    nowhere = work("nasa-sp-4012", "PrimaryDocument")._replace(url="")
    held = (reference, study, history, bare, gcat, nssdc, treaty, upload, nowhere)
    assert claim(*held).cited == [treaty, nssdc, gcat, bare, history, study, reference]
    assert claim(*reversed(held)).cited == claim(*held).cited


def test_real_blogs_and_sites_on_famous_people_are_not_cited(ours):
    """The dates of the crisis rest on a blog and a web page, some of the people's on such sites."""
    (crisis,) = ours.claimed("date", ["cuban-missile-crisis"])["cuban-missile-crisis"]
    assert [source.id for source in crisis.sources] == ["madeof-cuba", "radiochemistry-cuba"]
    assert (crisis.proven, crisis.cited) == (False, [])
    hosts = set()
    for class_ in ("Event", "Agreement", "Person"):
        links = ours.linked(class_=class_)
        comparison = Comparison(ours, snapshot(*(item(li.qid) for li in links)), TABLE, ())
        for command in commands(comparison.rows(links), comparison.judge):
            hosts.add(urlsplit(dict(command.reference)["854"].strip('"')).hostname)
    assert hosts == CITED_HOSTS


def test_disputed_value_is_not_proposed_unless_the_day_is_the_same(ours):
    rival = Claimed("1961-04-12T07:53Z", "normal", (GCAT,), True, "", "vostok-1")
    for other, proposes in (
        (rival, True),
        (rival._replace(value="1961-04-13"), False),
        (rival._replace(value="1961-04-13", certain=False), True),
    ):
        found = proposed(ours, "1961-04-12T07:55Z", "time", property="P620", rivals=[other])
        assert bool(found) is proposes


def test_interpretive_properties_are_never_proposed():
    paths = {way.path for way in TABLE}
    assert not {"ledTo", "enabled", "contributedTo", "respondedTo", "assessment"} & paths
    assert {way.path for way in TABLE if way.add and way.match == "broad"} == {"programme"}


#
# References
#


def test_reference_names_the_item_of_the_source_first(ours):
    found = proposed(ours, "1961-012A", source=GCAT._replace(qid="Q900"))
    assert found == f'Q182524\tP247\t"1961-012A"\tS248\tQ900\t{CITED}\n'
    found = proposed(ours, "1961-012A", source=GCAT._replace(qid="Q900", url="", retrieved=""))
    assert found == 'Q182524\tP247\t"1961-012A"\tS248\tQ900\n'


def test_linked_source_is_stated_in_every_reference_to_it():
    ours = Ours(spacerace_kg.connect())
    assert {s.id: s.qid for s in ours.sources.values() if s.qid} == {"britannica": "Q5375741"}
    (birth,) = ours.claimed("birth/date", ["pavel-belyayev"])["pavel-belyayev"]
    assert [source.id for source in birth.cited][:2] == ["britannica", "cosmos-encyclopaedia"]
    theirs = snapshot(item("Q157931"))
    found = v1(
        commands(rows(ours, "pavel-belyayev", theirs, "birth/date"), Judge(ours, theirs, []))
    )
    assert found == (
        "Q157931\tP569\t+1925-06-26T00:00:00Z/11\tS248\tQ5375741\t"
        'S854\t"https://www.britannica.com/"\tS958\t"Pavel Belyayev"\t'
        "S813\t+2026-11-22T00:00:00Z/11\n"
    )
    linked = Ours(ours.kg)
    linked.links["gcat"] = {"Q900": "exact", "Q901": "close"}
    theirs = snapshot(item("Q182524"))
    for own, stated in ((ours, ""), (linked, "S248\tQ900\t")):
        found = v1(commands(rows(own, "vostok-1", theirs, "launch/date"), Judge(own, theirs, [])))
        assert found == (
            f"Q182524\tP619\t+1961-04-12T00:00:00Z/11\t{stated}"
            'S854\t"https://planet4589.org/space/gcat/"\tS958\t"1961 MU"\t'
            "S813\t+2026-11-22T00:00:00Z/11\n"
        )


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://x.org/a|b", "https://x.org/a%7Cb"),
        ("https://x.org/a||Q1\tP31\tQ5", "https://x.org/a%7C%7CQ1%09P31%09Q5"),
        ('https://x.org/"quoted"', "https://x.org/%22quoted%22"),
        ("https://x.org/a\nQ1", "https://x.org/a%0AQ1"),
        ("https://x.org/Восток?a=1&b=%20#c", None),
    ],
)
def test_url_cannot_break_out(ours, url, written):
    from urllib.parse import quote

    expected = written or f"https://x.org/{quote('Восток')}?a=1&b=%20#c"
    found = proposed(ours, "1961-012A", source=GCAT._replace(url=url, retrieved=""))
    assert found == f'Q182524\tP247\t"1961-012A"\tS854\t"{expected}"\n'


@pytest.mark.parametrize(
    ("url", "locator", "written"),
    [
        (NMC, "1961-012A", f"{NMC}spacecraft/display.action?id=1961-012A"),
        (f"{NMC}spacecraft/", "1970-095D", f"{NMC}spacecraft/display.action?id=1970-095D"),
        (f"{FRUS}frus1961-63v25", "document 395", f"{FRUS}frus1961-63v25/d395"),
    ],
)
def test_page_of_an_entry_is_cited_where_the_work_has_one(ours, url, locator, written):
    source = GCAT._replace(url=url, locator=locator, retrieved="")
    assert proposed(ours, "x", source=source) == f'Q182524\tP247\t"x"\tS854\t"{written}"\n'


@pytest.mark.parametrize(
    ("url", "locator", "written"),
    [
        ("https://planet4589.org/space/gcat/", "1961 MU", 'S958\t"1961 MU"'),
        (NMC, "MARIN1", 'S958\t"MARIN1"'),
        (NMC, "1970-029A; 1970-029C", 'S958\t"1970-029A; 1970-029C"'),
        (NMC, "1961-012A&x=1", 'S958\t"1961-012A&x=1"'),
        ("https://example.org/nmc/", "1961-012A", 'S958\t"1961-012A"'),
        (f"{FRUS}frus1955-57v11/d340", "document 3", 'S958\t"document 3"'),
        (f"{FRUS}frus1961-63v25", "documents 395", 'S958\t"documents 395"'),
        ("https://example.org/", "p. 50", 'S304\t"50"'),
        ("https://example.org/", "pp. 50-52", 'S304\t"50-52"'),
        ("https://example.org/", "PDF p. 26", 'S958\t"PDF p. 26"'),
        ("https://example.org/", "p. 50 of the scan", 'S958\t"p. 50 of the scan"'),
        ("https://example.org/", "a|b", ""),
        ("https://example.org/", 'a"\tS813', ""),
    ],
)
def test_locator_stands_in_the_reference(ours, url, locator, written):
    found = proposed(ours, "x", source=GCAT._replace(url=url, locator=locator))
    place = f"{written}\t" if written else ""
    retrieved = "S813\t+2026-11-22T00:00:00Z/11"
    assert found == f'Q182524\tP247\t"x"\tS854\t"{url}"\t{place}{retrieved}\n'


def test_locator_is_that_of_the_claim(ours):
    for path, expected in (
        ("launch/date", [("gcat", "1961 MU"), ("cosmos-encyclopaedia", "Vostok 1")]),
        ("cosparId", [("nssdc", "1961-012A"), ("wikipedia-en", "Vostok 1")]),
    ):
        claimed, *_rivals = ours.claimed(path, ["vostok-1"])["vostok-1"]
        assert [(source.id, source.locator) for source in claimed.sources] == expected


#
# Injection, seen with the eyes of both tools
#

HOSTILE = [
    "1961\tP31\tQ5",
    "1961\nQ1\tP31\tQ5",
    "1961\r\nQ1",
    "1961||Q1|P31|Q5",
    "1961|P31",
    '1961"\tP31\t"x',
    'say "so"',
    "say “so”",
    "x /* and more */",
    " padded",
    "padded ",
    "",
    "bell\x07",
    "line\u2028separator",
    "next\x85line",
    "x" * 1501,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_could_be_read_as_more_is_not_proposed(ours, text):
    assert proposed(ours, text) == ""
    assert label(ours, text) == []


@pytest.mark.parametrize("text", ["Q42", "P31 and more", "LAST", "somevalue", "12", "+1", "@1/2"])
def test_label_that_looks_like_a_value_is_not_proposed(ours, text):
    assert label(ours, text) == []


def test_label_is_written_with_its_language(ours):
    found = label(ours, "Восток-1")
    assert v1(found) == 'Q182524\tLru\t"Восток-1"\n'
    assert to_csv(found) == "qid,Lru\nQ182524,Восток-1\n"


def php_v1(text: str) -> list[list[str]]:
    """Cut V1 commands as the tool in PHP does."""
    if "\n" not in text:
        text = text.replace("||", "\n")
    if "\t" not in text:
        text = text.replace("|", "\t")
    return [line.strip().split("\t") for line in text.split("\n") if line.strip()]


def python_v1(text: str) -> list[list[str]]:
    """Cut V1 commands as QuickStatements 3 does."""
    text = text.replace("||", "\n").replace("|", "\t")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    lines = [re.sub(r"\s*/\*.*\*/\s*$", "", line) for line in lines]
    return [[part.strip() for part in line.split("\t") if part.strip()] for line in lines]


VALUE = re.compile(
    r"""[PQ]\d+ | "[^"]*" | [+-]?\d+(\.\d+)?(U\d+)?
      | [+-]\d+-\d\d-\d\dT\d\d:\d\d:\d\dZ/\d+ """,
    re.X,
).fullmatch


def test_both_tools_read_v1_alike_and_all_values():
    text = (ANSWERS / "quickstatements.v1").read_text("utf-8")
    read = php_v1(text)
    assert read == python_v1(text)
    assert len(read) == text.count("\n") == 15
    for qid, property, value, *reference in read:
        assert re.fullmatch(r"Q\d+", qid)
        assert re.fullmatch(r"P\d+", property)
        assert reference[::2] in (["S854", "S813"], ["S854", "S958", "S813"])
        assert all(VALUE(part) for part in (value, *reference[1::2]))


def php_csv(text: str) -> list[list[str]]:
    """Read CSV as the tools do: into the commands of V1; QuickStatements 3 skips empty cells."""
    (first, *header), *body = csv.reader(io.StringIO(text, newline=""))
    assert first == "qid"
    found = []
    for qid, *cells in body:
        for column, cell in zip(header, cells, strict=True):
            if not cell:
                continue
            if column[0] in "PL":
                found.append([qid, column, cell if column[0] == "P" else f'"{cell}"'])
            else:
                found[-1] += [column.upper(), cell]
                assert (column[0] == "S") == (len(found[-1]) == 5)
    return found


def test_csv_says_what_v1_says():
    found = php_csv((ANSWERS / "quickstatements.csv").read_text("utf-8"))
    statements = [command for command in found if command[1][0] == "P"]
    assert statements == php_v1((ANSWERS / "quickstatements.v1").read_text("utf-8"))
    assert [command for command in found if command[1][0] == "L"] == [
        ["Q54363", "Lru", '"Сатурн-5"'],
        ["Q3303767", "Lru", '"Восток-К 8К72К"'],
        ["Q80884193", "Lru", '"Программа «Зонд»"'],
    ]


def test_csv_of_one_property_has_no_empty_cells(capsys):
    arguments = ["--property", "cosparId", "--snapshot", str(SNAPSHOT), "--format", "csv"]
    assert main(["wikidata", "quickstatements", *arguments]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "qid,P247,S854,s813"
    assert all(all(row) for row in csv.reader(out.splitlines()))


#
# The command
#

HOW = "Run: spacerace wikidata quickstatements --snapshot tests/wikidata_tiny/snapshot.jsonl"


def test_all_commands_of_the_tiny_wikidata(capsys):
    tiny = ["wikidata", "quickstatements", "--snapshot", str(SNAPSHOT)]
    assert main(tiny) == 0
    out, err = capsys.readouterr()
    expected = (ANSWERS / "quickstatements.v1").read_text("utf-8")
    assert out == expected, f"{HOW} > tests/wikidata_answers/quickstatements.v1"
    lacking = (ANSWERS / "compare.tsv").read_text("utf-8").count('"missing there"')
    number = expected.count("\n")
    assert err == (
        f"spacerace: {number} of {number} commands, for {lacking} values that Wikidata lacks; "
        "3 links that check finds wrong were left out; nothing was sent\n"
    )
    assert main([*tiny, "--format", "csv", "--labels"]) == 0
    expected = (ANSWERS / "quickstatements.csv").read_text("utf-8")
    assert capsys.readouterr().out == expected, (
        f"{HOW} --labels --format csv > tests/wikidata_answers/quickstatements.csv"
    )


def test_missing_extra_is_named(capsys, monkeypatch):
    for name in ("check", "spelling"):
        monkeypatch.delitem(sys.modules, f"spacerace_kg.wikidata.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert main(["wikidata", "quickstatements", "--snapshot", str(SNAPSHOT)]) == 3
    out, err = capsys.readouterr()
    told = "anyascii is not installed. Install it: pip install 'spacerace-kg[wikidata]'"
    assert (out, err) == ("", f"spacerace: {told}\n")


def test_limit_and_choice(capsys):
    tiny = ["wikidata", "quickstatements", "--snapshot", str(SNAPSHOT), "--class", "Mission"]
    assert main([*tiny, "--property", "P8913", "--limit", "1"]) == 0
    out, err = capsys.readouterr()
    assert [line.split("\t")[:3] for line in out.splitlines()] == [
        ["Q43653", "P8913", '"1969-059A"'],
    ]
    assert err.startswith("spacerace: 1 of 2 commands, for 4 values that Wikidata lacks")
    with pytest.raises(SystemExit) as caught:
        main([*tiny, "--limit", "0"])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("entity", "left_out"),
    [
        ("sputnik-1", True),  # there a human
        ("neil-armstrong", True),  # there ten years younger
        ("apollo-12", True),  # there of another name
        ("zond-programme", False),  # there merged
        ("apollo-11", False),
    ],
)
def test_nothing_is_proposed_for_a_link_that_check_finds_wrong(capsys, entity, left_out):
    tiny = ["wikidata", "quickstatements", "--snapshot", str(SNAPSHOT), "--entity", entity]
    assert main([*tiny, "--labels"]) == 0
    out, err = capsys.readouterr()
    assert bool(out) is not left_out
    assert ("1 links that check finds wrong were left out" in err) is left_out


def test_what_has_been_added_is_not_proposed_again(ours):
    """Once the commands are carried out, there is nothing left to propose."""
    before = rows(ours, "sputnik-1", snapshot(item("Q80811")))
    judge = Judge(ours, snapshot(item("Q80811")), [])
    found = commands(before, judge)
    assert [c.property for c in found] == ["P619", "P361", "P247", "P377", "P8913"]
    made = [said(c.property, as_value(c.value)) for c in found]
    after = rows(ours, "sputnik-1", snapshot(item("Q80811", *made)))
    assert commands(after, judge) == []


def test_wikidata_made_of_our_own_values_is_never_in_conflict(ours):
    """A Wikidata that holds what we would propose, and nothing else, agrees with us throughout."""
    links = [linked for linked in ours.linked(class_="CrewedMission") if "1" in linked.entity]
    empty = snapshot(*(item(linked.qid) for linked in links))
    comparison = Comparison(ours, empty, TABLE)
    found = commands(comparison.rows(links), comparison.judge, labels=True)
    made: dict[str, list[Command]] = {linked.qid: [] for linked in links}
    for command in found:
        made[command.qid].append(command)
    full = snapshot(
        *(
            item(
                qid,
                *(said(c.property, as_value(c.value)) for c in own if c.property[0] == "P"),
                labels={c.property[1:]: c.value[1:-1] for c in own if c.property[0] == "L"},
            )
            for qid, own in made.items()
        )
    )
    comparison = Comparison(ours, full, TABLE)
    rows = list(comparison.rows(links))
    assert {row.verdict for row in rows} == {"agrees", "compatible", "missing there"}
    assert sum(row.verdict != "missing there" for row in rows) >= len(found) > 600
    assert commands(rows, comparison.judge, labels=True) == []
    assert mismatches(rows, comparison.judge) == []


def as_value(text: str) -> Value:
    """Return the value that a command adds."""
    if text.startswith('"'):
        return Value("string", text[1:-1])
    if text.startswith("Q"):
        return thing(text)
    if text.startswith("+"):
        return day(text[1:11], int(text.rpartition("/")[2]))
    amount, _, unit = text.partition("U")
    return Value("quantity", amount, unit=f"Q{unit}" if unit else "")


def test_real_server_gives_the_commands_of_the_snapshot(tmp_path):
    with tiny_wikidata(tmp_path) as url:
        done = run(
            "wikidata", "quickstatements", "--entity", "vostok-1", "--endpoint", url,
            SPACERACE_CONTACT=CONTACT, SPACERACE_CACHE=str(tmp_path / "cache"),
        )  # fmt: skip
    expected = (ANSWERS / "quickstatements.v1").read_text("utf-8").splitlines()
    assert done.stdout.splitlines() == [line for line in expected if line.startswith("Q182524\t")]


def test_nothing_is_imported_that_could_send():
    """The module builds text: it knows no network."""
    source = Path(quickstatements.__file__).read_text("utf-8")
    assert not re.search(r"^(?:from|import) (?:requests|urllib\.request|http|socket)", source, re.M)
