"""Every message about a rubric, its YAML and its worked cases, each with a faulty example.

In the examples ¦ stands just before the place a finding should point to; it is taken out before the file is read.
"""

from __future__ import annotations

import json
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercheck import yamlfile
from partnercheck.problems import CATALOGUE, Problem, in_order, problem, render
from partnercheck.rubric.cases import read_cases
from partnercheck.rubric.loader import examine
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.cases import run_cases
from rubrics import SMALL, WORKED, changed, edited, small_rubric

HERE = "¦"

TWO_STAGES = "[{id: not_yet, name: Not yet, points: 0}, {id: consultation, name: Consultation, points: 1}]"
NINE_GATES = """
  - {id: first, name: First stage, points: 1}
  - {id: second, name: Second stage, points: 2, requires: {a1: second, a2: second}}
  - {id: third, name: Third stage, points: 3, requires: {a3: third, b1: third, b2: third, b3: third}}
  - {id: fourth, name: Fourth stage, points: 4, requires: {b4: fourth, c1: fourth, ¦c2: fourth}}
"""
FIVE_GATES = """
  - {id: first, name: First stage, points: 1}
  - {id: second, name: Second stage, points: 2}
  - {id: third, name: Third stage, points: 3, ¦requires: {a1: third, a2: third, a3: third, b1: third, b2: third}}
  - {id: fourth, name: Fourth stage, points: 4}
"""
LONG_WORDS = "Interdisciplinary organisational representatives systematically operationalise transformational recommendations."
LONG_ASK = "Who " + "is it that " * 9 + "speaks?"
LONG_DESCRIPTOR = "Staff speak first. " + "Then one more of us may say a word. " * 3


def grown(ids: list[str], weights: list[str], mark: str) -> str:
    """The worked example with an area of these items, ¦ before the one named `mark` (or before the area itself)."""
    item = "      - {mark}{{id: {id}, ask: Question {id}?, weight: {weight}, levels: {{first: {id} one, second: {id} two, third: {id} three, fourth: {id} four}}}}\n"
    items = "".join(
        item.format(mark=HERE if id_ == mark else "", id=id_, weight=weight) for id_, weight in zip(ids, weights, strict=True)
    )
    return WORKED + f"  - {HERE if mark == 'area' else ''}id: d\n    name: Area D\n    items:\n{items}"


MANY_ITEMS = grown([f"d{n}" for n in range(140)], ["1"] * 140, "d139")  # and eleven that were there
FINE_WEIGHTS = grown(["d1", "d2", "d3", "d4", "d5"], ["996/997", "990/991", "982/983", "976/977", "970/971"], "area")

# Code, and a whole file that has this fault at ¦.
FAULTS: list[tuple[str, str]] = [
    ("Y003", edited("title: A small", "title: A ¦\x07small")),
    ("Y003", edited("title: A small", 'title: ¦"A \\e[2Jsmall"\nx-rest:')),
    ("Y004", edited("title: A small", "title: A small¦: one or a")),
    ("Y004", edited("title: A small rubric", 'title: ¦"A small rubric')),
    ("Y004", edited("    points: 4", "¦\tpoints: 4")),
    ("Y004", edited("title: A small", "title: ¦@small")),
    ("Y005", SMALL + "x-deep: " + "[" * 11 + "¦[" + "]" * 12 + "\n"),
    ("Y006", edited("title: A small", "title: ¦&name A small")),
    ("Y006", edited("title: A small rubric", "title: ¦*name")),
    ("Y007", edited("title: A small", "title: ¦!!str A small")),
    ("Y008", SMALL + "¦---\nformat: 1\n"),
    ("Y010", SMALL + "¦title: Another\n"),
    ("Y011", SMALL + "¦[a, b]: c\n"),
    ("Y012", "¦- format: 1\n"),
    ("Y012", "¦format 1\n"),
    ("Y013", "a: 1\n" * 1000 + "a: ¦1\n" + "a: 1\n" * 99),
    ("R001", edited("format: 1", "format: ¦2")),
    ("R002", edited("- id: who_speaks\n        ask: Who speaks at the meetings?\n", "- ¦id: who_speaks\n")),
    ("R003", edited("points: 2,", "points: ¦two,")),
    ("R003", edited("profiles: {pulse: [who_decides, who_learns, who_designs]}", "profiles: ¦pulse")),
    ("R003", edited("status: active", "status: ¦actve")),
    ("R003", edited("topics: [teamwork]\n      - id: how_often", "topics: ¦teamwork\n      - id: how_often")),
    ("R004", edited("title: A small rubric", 'title: ¦""')),
    ("R010", edited("id: staff_time", "id: ¦Staff-Time")),
    ("R010", edited("id: staff_time", "id: ¦staff__time")),
    ("R010", edited("id: staff_time", "id: ¦st\u0430ff_time")),  # a Cyrillic a
    ("R010", small_rubric(profiles="{¦Pulse!: [who_decides]}")),
    ("R011", edited("id: staff_time", "id: ¦status")),
    ("R011", edited("id: team\n", "id: ¦overall\n")),
    ("R011", edited("{id: not_yet,", "{id: ¦split,")),
    ("R011", edited("{id: nurse,", "{id: ¦consensus,")),
    ("R012", edited("ask: Who speaks", "¦txt: Who speaks")),
    ("R012", SMALL + "¦sha256: 00\n"),
    ("R013", edited("id: how_often", "id: ¦staff_time")),
    ("R013", edited("id: how_often", "id: ¦means")),
    ("R013", edited("id: carer,", "id: ¦patient_partner,")),
    ("R014", edited("name: staff time\n        levels:", "name: staff time\n        ¦levels:", edited("          not_yet: Nobody has time for this.\n", ""))),
    ("R015", edited("not_yet: Nobody has", "¦not_jet: Nobody has")),
    ("R015", edited("who_learns: involvement}", "who_learns: ¦involvment}")),
    ("R015", edited("placed_at_least: partnership", "placed_at_least: ¦partner")),
    ("R015", edited("{item: paying, below: involvement}", "{item: paying, below: ¦envolvement}")),
    ("R015", edited("    stages: [consultation, involvement, partnership, codesign]\nreferences", "    stages: [¦consulting, codesign]\nreferences")),
    ("R016", edited("    points: 4", "    points: ¦5")),
    ("R016", edited("points: 0,", "points: ¦2,")),
    ("R017", small_rubric(stages=TWO_STAGES).replace("\nstages:", "\n¦stages:")),
    ("R018", small_rubric(profiles="{pulse: [¦who_decide]}")),
    ("R018", edited("who_learns: involvement}", "¦who_learn: involvement}")),
    ("R018", edited("{item: paying,", "{item: ¦payment,")),
    ("R019", edited("floor_domains: [team,", "floor_domains: [¦teem,")),
    ("R019", edited("{domain: means,", "{domain: ¦mean,")),
    ("R020", edited("points: 0,", "points: 0, ¦requires: {staff_time: not_yet},")),
    ("R021", edited("ask: Who learns new skills?", "ask: Who learns new skills?\n        not_applicable: ¦true")),
    ("R022", changed(WORKED, stages=NINE_GATES)),
    ("R023", changed(WORKED, stages=FIVE_GATES)),
    ("R024", edited("{who_designs: codesign}", "{who_designs: codesign, who_decides: ¦involvement}")),
    ("R025", edited("{domain: means, below: consultation}", "¦{below: consultation}")),
    ("R025", edited("{domain: means, below: consultation}", "¦{item: paying, domain: means, below: consultation}")),
    ("R026", edited("resources: [guide-one]", "resources: [¦guide-on]")),
    ("R027", edited("why: Sharing a choice is what makes partners.\n        sources: [someone2020]", "sources: [¦someone202]")),
    ("R028", edited("topics: [means]\n    stages: [consultation, involvement, partnership, codesign]", "topics: [means]\n    stages: [consultation]", edited("id: paying", "id: ¦paying"))),
    ("R029", edited("name: Nurse, side: practice", "name: Nurse, side: ¦practise")),
    ("R030", edited("version: 1.0.0", "version: ¦1.0")),
    ("R030", edited("https://example.org/team", "¦javascript:alert(1)")),
    ("R031", edited("Nobody has time for this.", "¦Don’t know")),
    ("R031", edited("Nobody has time for this.", "¦partnership")),
    ("R031", edited("Nobody has time for this.", '¦"3"')),
    ("R031", edited("Bus fares are paid back on request.", "¦there is no  thanks or MONEY")),
    ("R031", edited("name: Involvement,", "name: ¦Not sure,")),
    ("R031", edited("- id: codesign", "- id: ¦codesign", edited("name: Involvement,", "name: codesign,"))),
    ("R032", small_rubric(profiles="{¦full: [who_decides]}")),
    ("R033", edited("references:\n", "  - {id: ¦guide-three, title: A, publisher: B, url: https://example.org/c, stages: [codesign]}\nreferences:\n")),
    ("R034", edited("id: small\n", "id: ¦other\n")),
    ("R035", edited("status: active", "status: ¦draft")),
    ("R035", edited("status: active", "status: ¦retired")),
    ("R036", edited("sides:\n", "  - {id: empty, name: Empty, ¦items: []}\nsides:\n")),
    ("R037", edited("{who_designs: codesign}", "{who_designs: codesign, who_speaks: ¦not_yet}")),
    ("R038", edited("{domain: means, below: consultation}", "{domain: means, below: ¦not_yet}")),
    ("R039", small_rubric(profiles="{pulse: [who_decides, ¦who_decides]}")),
    ("R040", edited("name: who speaks\n        weight: 2\n        levels:", "name: who speaks\n        ¦levels:", edited("Staff speak, then patients may comment.", LONG_WORDS))),
    ("R041", edited("Who speaks at the meetings?", f"¦{LONG_ASK}")),
    ("R041", edited("This rubric is made for tests.", f"¦Short. {LONG_ASK}")),
    ("R042", edited("The sum was set with patients and is in the budget.", "¦A fair sum is offered at the end.")),
    ("R043", edited("Staff speak, then patients may comment.", f"¦{LONG_DESCRIPTOR}")),
    ("R044", "¦" + small_rubric(resources=None)),
    ("R045", small_rubric(profiles="{¦pulse: []}")),
    ("R045", small_rubric(cautions="[{¦when_any: [], placed_at_least: codesign, say: A word.}]")),
    ("R046", edited("title: A small", "title: ¦A sm\u200ball")),
    ("R046", edited("title: A small", "title: ¦A sm\u202eall")),
    ("R047", edited("resources: [guide-one]\n        topics: [means]", "resources: [guide-one]\n        topics: [¦meens]")),
    ("R048", small_rubric(roles="[{id: nurse, name: Nurse, side: practice}]").replace("\nroles:", "\n¦roles:")),
    ("R049", edited("How often do you meet?", "¦who learns new skills?")),
    ("R051", MANY_ITEMS),
    ("R052", FINE_WEIGHTS),
    ("R050", edited("ask: How often do you meet?", "ask: How often do you meet ¦# 2?")),
    ("R050", edited("not_yet: Never, as far as we know.", "not_yet: Never, as far ¦# as we know.")),
    ("R049", edited("{id: nurse, name: Nurse,", "{id: ¦nurse, name: A nurse,", edited("name: Carer or family,", "name: Nurse,"))),
]  # fmt: skip

CASE = "- name: First\n  answers: {who_decides: 3}\n  expect: {overall: none}\n"
CASE_FAULTS: list[tuple[str, str]] = [
    ("Y012", "¦name: First\n"),
    ("C001", edited("  answers", "  ¦wy: A slip.\n  answers", CASE)),
    ("C001", edited("{overall: none}", "{¦overal: none, placed: none}", CASE)),
    ("C002", edited("- name: First\n", "- ¦why: No name.\n", CASE)),
    ("C003", edited("{who_decides: 3}", "¦[who_decides]", CASE)),
    ("C003", CASE + "- ¦just a text\n"),
    ("C003", edited("{overall: none}", "{held_back_by: ¦who_decides}", CASE)),
    ("C004", edited("{who_decides: 3}", "{¦who_decide: 3}", CASE)),
    ("C004", edited("overall: none", "placed: ¦partner", CASE)),
    ("C004", edited("overall: none", "domains: {¦teem: none}", CASE)),
    ("C004", edited("overall: none", "held_back_by: [¦domain:teem]", CASE)),
    ("C005", edited("overall: none", "overall: ¦2.5", CASE)),
    ("C005", edited("overall: none", "overall: ¦1/0", CASE)),
    ("C005", edited("overall: none", "overall: ¦nan", CASE)),
    ("C006", CASE + CASE.replace("First", "¦First")),
    ("C007", edited("{overall: none}", "¦{}", CASE)),
    ("C008", edited("who_decides: 3", "who_decides: ¦7", CASE)),
    ("C008", edited("who_decides: 3", "who_decides: ¦NA", CASE)),
    ("C009", edited("overall: none", "overall: ¦3.00", CASE)),
    ("C009", edited("overall: none", "placed: ¦partnership", CASE)),
    ("C009", edited("overall: none", "held_back_by: ¦[]", CASE)),
    ("C010", "¦[]\n"),
]

# What has no place, or none that a mark in a text could show: code, bytes, line.
BYTE_FAULTS: list[tuple[str, bytes, int | None]] = [
    ("Y001", b"# " + b"x" * yamlfile.SIZE_LIMIT, None),
    ("Y002", SMALL.replace("A small", "\u00e9 small").encode("latin-1"), 5),
    ("Y002", SMALL.encode("utf-16"), 1),
    ("Y009", b"# only a comment\n", 1),
]


def findings(text: str, file: str = "small.yaml") -> list[Problem]:
    return examine(*yamlfile.read(text.encode("utf-8", "surrogatepass"), file))[1]


def small() -> Rubric:
    rubric, found = examine(*yamlfile.read(SMALL.encode(), "small.yaml"))
    assert rubric is not None
    assert found == []
    return rubric


def marked(text: str) -> tuple[str, int, int]:
    """A text without its mark, and the line and column the mark stood at."""
    assert text.count(HERE) == 1
    before = text[: text.index(HERE)]
    return text.replace(HERE, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


def places(found: list[Problem]) -> set[tuple[str, int | None, int | None]]:
    return {(entry.code, entry.place.line, entry.place.position) for entry in found}


def test_the_small_rubric_has_no_findings_at_all() -> None:
    assert small().id == "small"


@pytest.mark.parametrize(("code", "example"), FAULTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(FAULTS)])
def test_a_fault_in_a_rubric_is_found_where_it_is(code: str, example: str) -> None:
    text, line, column = marked(example)
    found = findings(text)
    assert (code, line, column) in places(found)
    assert all(entry.place.source == text.split("\n")[(entry.place.line or 1) - 1][:200] for entry in found)


@pytest.mark.parametrize(
    ("code", "example"), CASE_FAULTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(CASE_FAULTS)]
)
def test_a_fault_in_a_worked_case_is_found_where_it_is(code: str, example: str) -> None:
    text, line, column = marked(example)
    document, found = yamlfile.read(text.encode(), "small.cases.yaml")
    cases, more = read_cases(document, small())
    found += [*more, *run_cases(small(), cases, document)]
    assert (code, line, column) in places(found)
    assert {entry.code for entry in found} == {code}


@pytest.mark.parametrize(("code", "data", "line"), BYTE_FAULTS)
def test_a_file_that_is_no_text_is_told(code: str, data: bytes, line: int | None) -> None:
    document, found = yamlfile.read(data, "small.yaml")
    assert [(entry.code, entry.place.line) for entry in found] == [(code, line)]
    assert document.data is None


def test_every_code_has_a_faulty_example() -> None:
    shown = {entry[0] for entry in (*FAULTS, *CASE_FAULTS, *BYTE_FAULTS)}
    assert shown == {code for code in CATALOGUE if code[0] in "YRC"}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_message_can_be_filled_and_leaves_no_gap(code: str) -> None:
    entry = CATALOGUE[code]
    fields = {name for text in (entry.says, entry.fix) for _, name, _, _ in string.Formatter().parse(text) if name}
    assert "value" not in fields, "`value` is the cell of a problem, not a word of its message"
    found = problem(code, **{name: f"<{name}\x1b>" for name in fields})  # type: ignore[arg-type]
    shown = render(found)
    assert all(f"<{name}^[>" in shown for name in fields)
    assert "\x1b" not in shown


@pytest.mark.parametrize("code", [code for code in CATALOGUE if code[0] in "YRC"])
def test_every_message_says_what_to_do_in_one_plain_sentence(code: str) -> None:
    entry = CATALOGUE[code]
    assert entry.fix
    assert not entry.says.endswith(".")
    assert entry.fix.endswith((".", "}"))


def test_faults_of_all_kinds_are_told_at_once_and_in_order() -> None:
    text = SMALL
    for old, new in (
        ("format: 1", "format: 9"),
        ("title: A small rubric\n", ""),
        ("status: active", "status: draft"),
        ("points: 2,", "points: 7,"),
        ("id: staff_time", "id: Staff time"),
        ("ask: Who speaks", "txt: Who speaks"),
        ("floor_domains: [team,", "floor_domains: [teem,"),
        ("https://example.org/team", "ftp://example.org"),
        ("[who_decides, who_learns, who_designs]", "[who_decides, nobody]"),
    ):
        text = edited(old, new, text)
    found = findings(text + "title: One\ntitle: Two\n")
    assert [entry.place.line for entry in found] == sorted(entry.place.line or 0 for entry in found)
    assert found == in_order(found)
    told = {entry.code for entry in found}
    assert told >= {"R001", "R035", "R016", "R010", "R012", "R002", "R019", "R030", "R018", "Y010"}


@pytest.mark.parametrize(
    ("example", "hint"),
    [
        (edited("ask: Who speaks", "txt: Who speaks"), "did you mean 'ask'?"),
        (
            edited("        levels:\n          not_yet: Nobody", "        level:\n          not_yet: Nobody"),
            "did you mean 'levels'?",
        ),
        (edited("{item: paying,", "{item: payng,"), "did you mean 'paying'?"),
        (edited("floor_domains: [team,", "floor_domains: [teams,"), "did you mean 'team'?"),
        (edited("resources: [guide-one]", "resources: [guide-oen]"), "did you mean 'guide-one'?"),
        (edited("who_learns: involvement}", "who_learns: Involvement}"), "did you mean 'involvement'?"),
        (edited("name: Nurse, side: practice", "name: Nurse, side: practise"), "did you mean 'practice'?"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_word(example: str, hint: str) -> None:
    assert any(hint in entry.message for entry in findings(example))


def test_one_wrong_number_is_one_finding() -> None:
    assert [entry.code for entry in findings(edited("points: 2,", "points: 3,"))] == ["R016"]


def test_a_look_alike_id_is_shown_as_escapes() -> None:
    (found, *_) = [entry for entry in findings(edited("id: staff_time", "id: st\u0430ff_time")) if entry.code == "R010"]
    assert "'st\\u0430ff_time'" in found.message


def test_keys_of_ones_own_are_kept_and_ignored() -> None:
    text = edited(
        "levels:\n          not_yet: Nobody",
        "x-note: {a: [b]}\n        levels:\n          x-mine: A remark.\n          not_yet: Nobody",
    )
    assert findings(text + "x-anything: 1\n") == []


def test_stages_may_begin_at_one() -> None:
    assert [entry.code for entry in findings(WORKED, "worked.yaml")] == ["R044"]


def test_the_reading_grade_is_for_english_only() -> None:
    text = edited("Staff speak, then patients may comment.", LONG_WORDS)
    assert "R040" in {entry.code for entry in findings(text)}
    assert "R040" in {entry.code for entry in findings(edited("language: en", "language: en-GB", text))}
    assert "R040" not in {entry.code for entry in findings(edited("language: en", "language: de", text))}


def test_the_file_name_is_looked_at_only_where_there_is_one() -> None:
    assert findings(SMALL, "standard input") == []
    assert [entry.code for entry in findings(SMALL, "/a/b/another.yaml")] == ["R034"]


def test_a_hostile_text_cannot_act_in_a_finding() -> None:
    hostile = "\u202e<b>[red]\u200bx"
    text = SMALL + f"{hostile}: 1\n" + edited("id: staff_time", f'id: "{hostile}"')[len("format: 1\n") :]
    for entry in findings(text):
        assert not set(render(entry)) & set("\u202e\u200b\x1b")


ITEM = "      - {{id: i{0}, ask: Question {0}?, levels: {{}}}}\n"
MANY = {
    "items": "".join(ITEM.format(number) for number in range(17_000)),
    "the same item": ITEM.format(1) * 20_000,
    "items without ids": "      - {ask: b}\n" * 20_000,
    "unknown topics": "      - {id: x, topics: [" + ", ".join(f"mean{number}" for number in range(20_000)) + "]}\n",
    "unknown keys": "      - id: x\n" + "".join(f"        as{number}: b\n" for number in range(20_000)),
    "one long id": f"      - {{id: {'x' * 500_000}, topics: [{'a, ' * 20_000}]}}\n",
    "one long descriptor": "      - {id: x, ask: y, levels: {not_yet: " + "we " * 300_000 + "}}\n",
}


@pytest.mark.parametrize("what", MANY)
def test_a_huge_rubric_is_checked_in_seconds(what: str) -> None:
    text = small_rubric(domains="\n  - id: many\n    name: Many\n    items:\n" + MANY[what])
    begun = time.perf_counter()
    found = findings(text)
    assert time.perf_counter() - begun < 15  # two or three on a common machine
    assert found
    assert max(len(render(entry)) for entry in found) < 1000


def test_too_many_stages_are_one_finding_not_one_for_every_item() -> None:
    stages = "".join(f"  - {{id: s{number}, name: n{number}, points: {number}}}\n" for number in range(5000))
    text = changed(
        small_rubric(stages="\n" + stages),
        domains="\n  - id: many\n    name: Many\n    items:\n" + "".join(ITEM.format(n) for n in range(5000)),
    )
    found = findings(text)
    assert sum(entry.code == "R017" for entry in found) == 1
    assert sum(entry.code == "R014" for entry in found) == 9 * 5000


# A broken tree never raises.

JUNK = st.recursive(
    st.sampled_from(["", "x", "3", "-1", "not_yet", "who_decides", "team", "true", "é", "\u200b", "a b", "1" * 500, "nope", "x-y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "x-a", "levels", "items", "pulse", ""]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_where_nothing_is_raised(data: st.DataObject) -> None:
    tree = yamlfile.read(SMALL.encode(), "small.yaml")[0].data
    for _ in range(data.draw(st.integers(1, 4))):
        node, key = tree, None
        while isinstance(node, dict | list) and node:
            parent = node
            key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            node = parent[key]
            if data.draw(st.booleans()):
                break
        parent[key] = data.draw(JUNK)
    for entry in findings(json.dumps(tree)):
        assert render(entry)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 40), st.sampled_from(["", " ", "\n", ":", "-", "[", "}", '"', "'", "#", "\t", "&", "x", "\u0000"])), min_size=1, max_size=5))  # fmt: skip
def test_whatever_is_typed_nothing_is_raised(slips: list[tuple[int, int, str]]) -> None:
    text = SMALL
    for start, length, new in slips:
        text = text[:start] + new + text[start + length :]
    for entry in findings(text):
        assert entry.place.line is not None
        assert render(entry)
