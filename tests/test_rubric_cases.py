"""Worked cases: read strictly, run through the scorer, and a score agrees exactly when it should."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercheck import yamlfile
from partnercheck.problems import Problem
from partnercheck.rubric.cases import Case, cases_file, read_cases
from partnercheck.rubric.loader import examine
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.cases import outcomes, run_cases
from rubrics import WORKED

# The worked example of the measurement specification (docs/scoring.md).
EXAMPLE = """\
- name: The worked example
  why: The score says third; one must-have says second.
  answers: {a1: 3, a2: 2, a3: 3, a4: NA, b1: 4, b2: 3, b3: DK, b4: 3, c1: 2, c2: first, c3: ""}
  expect:
    domains: {a: 11/4, b: 10/3, c: 3/2}
    overall: 91/36
    proposed: third
    placed: second
    held_back_by: [a2]
- name: The same with the must-have in place
  answers: {a1: 3, a2: c, a3: 3, a4: NA, b1: 4, b2: 3, b3: Don't know, b4: 3, c1: Second stage, c2: c2 one}
  expect: {overall: 47/18, placed: third, held_back_by: []}
- name: Nothing answered
  answers: {}
  expect: {domains: {a: none}, overall: none, proposed: none, placed: none, held_back_by: none}
""".replace("a2: c,", "a2: third,")


@pytest.fixture(scope="module")
def worked() -> Rubric:
    rubric, _ = examine(*yamlfile.read(WORKED.encode(), "worked.yaml"))
    assert rubric is not None
    return rubric


def run(rubric: Rubric, text: str) -> list[Problem]:
    document, found = yamlfile.read(text.encode(), "worked.cases.yaml")
    cases, more = read_cases(document, rubric)
    return [*found, *more, *run_cases(rubric, cases, document)]


def test_the_worked_example_comes_out_as_specified(worked: Rubric) -> None:
    assert run(worked, EXAMPLE) == []


def test_a_case_is_plain_data(worked: Rubric) -> None:
    document, _ = yamlfile.read(EXAMPLE.encode(), "worked.cases.yaml")
    (first, second, third), found = read_cases(document, worked)
    assert found == []
    assert (first.name, first.answers["a4"], first.stages) == (
        "The worked example",
        "NA",
        {"proposed": "third", "placed": "second"},
    )
    assert first.scores["overall"].exact == Fraction(91, 36)
    assert (second.held_back_by, second.tells_held_back) == ((), True)
    assert (third.held_back_by, third.scores["a"].exact) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("overall: 91/36", "overall: 92/36", "overall should be 92/36, but is 2.527777778"),
        ("overall: 91/36", "overall: 2.52", "overall should be 2.52, but is 2.527777778"),
        ("overall: 91/36", "overall: none", "overall should be none, but is 2.527777778"),
        ("b: 10/3", "b: 10/4", "domain 'b' should be 10/4, but is 3.333333333"),
        ("c: 3/2", "c: 1.60", "domain 'c' should be 1.60, but is 1.50"),
        ("proposed: third", "proposed: second", "proposed should be second, but is third"),
        ("placed: second", "placed: none", "placed should be none, but is second"),
        ("held_back_by: [a2]", "held_back_by: [a2, domain:c]", "held_back_by should be [a2, domain:c], but is [a2]"),
        ("held_back_by: [a2]", "held_back_by: []", "held_back_by should be [], but is [a2]"),
        ("held_back_by: [a2]", "held_back_by: none", "held_back_by should be none, but is [a2]"),
    ],
)
def test_a_failing_case_says_what_was_expected_and_what_came_out(worked: Rubric, old: str, new: str, told: str) -> None:
    assert EXAMPLE.count(old) == 1
    text = EXAMPLE.replace(old, new)
    (found,) = run(worked, text)
    assert found.code == "C009"
    assert found.message == f"case 'The worked example' fails: {told}"
    assert text.split("\n")[(found.place.line or 0) - 1].strip().startswith((new.partition(":")[0], "domains"))


@pytest.mark.parametrize("written", ["91/36", "182/72", "2.53", "2.528", "2.5278", "2.527777778"])
def test_one_score_may_be_written_in_many_ways(worked: Rubric, written: str) -> None:
    assert run(worked, EXAMPLE.replace("overall: 91/36", f"overall: {written}")) == []


@pytest.mark.parametrize(
    "written", ["2.5", "2,53", "2.5277777777", "-1", "+2.53", "1/0", "1e0", "NaN", "None", "2.53 ", "٢", "1_0", "[2.53]", "1/2/3"]
)
def test_what_is_no_score_is_told(worked: Rubric, written: str) -> None:
    found = run(worked, EXAMPLE.replace("overall: 91/36", f"overall: {written}"))
    assert [entry.code for entry in found] == ([] if written == "2.53 " else ["C005"])


def expected(written: str) -> Case:
    rubric, _ = examine(*yamlfile.read(WORKED.encode(), "worked.yaml"))
    document, _ = yamlfile.read(f"- name: x\n  answers: {{}}\n  expect: {{overall: {written}}}\n".encode(), "x")
    ((case,), found) = read_cases(document, rubric)
    assert found == []
    return case


@pytest.mark.parametrize(
    ("written", "score", "agrees"),
    [
        ("2", 2.0, True),
        ("2", 2.000000001, False),
        ("1/3", 0.333333333, True),
        ("2/3", 0.666666667, True),
        ("2/3", 0.666666666, False),
        ("0.67", 0.666666667, True),
        ("0.66", 0.666666667, False),
        ("2.13", 2.125, True),  # half up, where Python's round would say 2.12
        ("2.12", 2.125, False),
        ("2.50", 2.495, True),
        ("2.50", 2.494999999, False),
        ("2.500000000", 2.5, True),
        ("none", None, True),
        ("none", 0.0, False),
        ("0.00", None, False),
        ("0", None, False),
    ],
)
def test_when_a_score_agrees(written: str, score: float | None, *, agrees: bool) -> None:
    assert expected(written).scores["overall"].agrees(score) is agrees


@given(st.fractions(0, 9, max_denominator=5000), st.integers(2, 9))
def test_a_score_agrees_with_itself_however_it_is_rounded(score: Fraction, places: int) -> None:
    billionths = (score * 10**9 + Fraction(1, 2)).__floor__()
    rounded = billionths / 1e9
    assert expected(f"{score.numerator}/{score.denominator}").scores["overall"].agrees(rounded)
    tens = (Fraction(billionths, 10**9) * 10**places + Fraction(1, 2)).__floor__()
    written = f"{tens // 10**places}.{tens % 10**places:0{places}d}"
    assert expected(written).scores["overall"].agrees(rounded)
    assert not expected(written).scores["overall"].agrees(rounded + 1.1 / 10**places)


def test_only_what_is_told_is_compared(worked: Rubric) -> None:
    assert run(worked, "- {name: x, answers: {a1: 1}, expect: {placed: none}}\n") == []


def test_all_faults_of_all_cases_are_told_at_once(worked: Rubric) -> None:
    text = """\
- name: x
  answers: {a9: 1, a1: 5}
  expect: {overall: high, placd: third, placed: thrid, domains: {d: 1.00}, held_back_by: [domain:d]}
- name: x
  expect: {}
- {name: y, answers: {a1: [1]}, expect: {overall: [1]}}
- {name: z, answers: {a1: 9, a2: NA}, expect: {overall: 9.00}}
- []
"""
    codes = [entry.code for entry in run(worked, text)]
    assert codes == [
        "C004",
        "C005",
        "C001",
        "C004",
        "C004",
        "C004",
        "C002",
        "C006",
        "C007",
        "C003",
        "C005",
        "C003",
        "C008",
        "C008",
    ]


def test_a_slip_is_answered_with_the_nearest_word(worked: Rubric) -> None:
    found = run(worked, "- {name: x, answers: {}, expect: {overal: none, placed: thrid}}\n")
    assert ["did you mean 'overall'?" in found[0].message, "did you mean 'third'?" in found[1].message] == [True, True]


def test_each_case_comes_with_its_own_problems(worked: Rubric) -> None:
    document, _ = yamlfile.read(EXAMPLE.replace("47/18", "48/18").encode(), "x")
    cases, _ = read_cases(document, worked)
    assert [len(found) for _, found in outcomes(worked, cases, document)] == [0, 1, 0]


def test_without_a_usable_rubric_only_the_shape_is_checked() -> None:
    document, _ = yamlfile.read(b"- {name: x, answers: {zz: 1}, expect: {overall: 1.0}}\n", "x")
    cases, found = read_cases(document, None)
    assert cases == []
    assert [entry.code for entry in found] == ["C005"]


def test_no_cases_is_a_warning_and_a_wrong_root_an_error(worked: Rubric) -> None:
    assert [(entry.code, entry.severity) for entry in run(worked, "[]\n")] == [("C010", "warning")]
    assert [entry.code for entry in run(worked, "just a text\n")] == ["Y012"]
    assert [entry.code for entry in run(worked, "")] == ["Y009"]


def test_the_cases_stand_beside_the_rubric() -> None:
    assert cases_file(Path("a/b.yaml")) == Path("a/b.cases.yaml")
