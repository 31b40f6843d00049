"""A score as a text, and the continuum as characters."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercheck.reports.numbers import count_word, exact, shown
from partnercheck.reports.strip import MARK, STOP, axis
from partnercheck.reports.view import Strip
from reference import band, rubric_of
from rubrics import loaded

RUBRIC = loaded()
CASES = json.loads((Path(__file__).parent / "oracles" / "boundary_display.json").read_text())["expected"]
FIVE = tuple((stage.name, stage.points) for stage in RUBRIC.stages)


def one_to_four() -> object:
    stages = [{"id": f"s{points}", "points": points} for points in range(1, 5)]
    return rubric_of({"stages": stages, "domains": [{"id": "a", "items": [{"id": "a1"}]}]})


@pytest.mark.parametrize("case", CASES, ids=[case["score"] for case in CASES])
def test_the_open_display_values(case: dict[str, object]) -> None:
    rubric = one_to_four()
    score = float(Fraction(str(case["score"])))
    assert shown(score, rubric) == case["show1"]  # type: ignore[arg-type]
    assert shown(score, rubric, 2) == case["show2"]  # type: ignore[arg-type]
    assert band(Fraction(str(case["score"])), rubric) == case["stage"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("score", "text"),
    [(2.25, "2.3"), (2.35, "2.4"), (0.05, "0.1"), (2.449999999, "2.4"), (2.45, "2.4"), (2.55, "2.6"), (0.0, "0.0"), (4.0, "4.0")],
)
def test_half_up_but_never_over_a_cut(score: float, text: str) -> None:
    assert shown(score, RUBRIC) == text


@given(st.integers(0, 4 * 10**9))
def test_what_is_shown_never_contradicts_the_placement(billionths: int) -> None:
    score = billionths / 1e9
    text = shown(score, RUBRIC)
    assert band(Fraction(text), RUBRIC) == band(Fraction(billionths, 10**9), RUBRIC)
    assert abs(Fraction(text) - Fraction(billionths, 10**9)) < Fraction(1, 10)


def test_exact_is_the_nine_decimals_that_were_written() -> None:
    assert exact(2.563888889) == Decimal("2.563888889")


def test_counts_as_words() -> None:
    assert [count_word(number) for number in (0, 1, 9, 10, 26)] == ["no", "one", "nine", "10", "26"]


@pytest.mark.parametrize("width", [20, 36, 76, 80, 116, 200])
def test_every_line_has_the_same_width_and_fits(width: int) -> None:
    strip = axis(Strip(FIVE, 2.6, "2.6", 2, 2.5), width)
    lines = [*strip.names(), strip.line(2.6), strip.plain_line(None)]
    assert {len(line) for line in lines} == {strip.width}
    assert strip.width <= max(width, 20)


@given(st.integers(0, 4 * 10**9), st.integers(20, 120))
def test_a_mark_stands_in_its_own_band(billionths: int, width: int) -> None:
    score = billionths / 1e9
    strip = axis(Strip(FIVE), width)
    assert strip.column(score) // strip.cell == band(Fraction(billionths, 10**9), RUBRIC)


def test_the_stop_stands_at_the_cut_above_the_placement() -> None:
    strip = axis(Strip(FIVE, 3.2, "3.2", 2, 2.5), 75)
    line = strip.line(3.2)
    assert line.index(STOP) == 3 * strip.cell
    assert line.count(MARK) == 1
    assert all(row[3 * strip.cell] == STOP for row in strip.names())
    assert STOP not in strip.plain_line(3.2), "an area has no stop of its own"


def test_a_possible_span_covers_its_stages() -> None:
    strip = axis(Strip(FIVE, low=1, high=2), 75)
    line = strip.line(None)
    assert line[strip.cell] == "├"
    assert line[3 * strip.cell - 1] == "┤"
    assert MARK not in line


def test_without_room_for_names_there_are_numbers() -> None:
    narrow = axis(Strip(FIVE), 40)
    assert narrow.is_numbered
    assert [cell.strip() for cell in narrow.names()[0].split("│")] == ["0", "1", "2", "3", "4"]
    assert not axis(Strip(FIVE), 76).is_numbered


def test_every_stage_is_named_whole_where_there_is_room() -> None:
    names = " ".join(axis(Strip(FIVE), 76).names())
    for name, _ in FIVE:
        for word in name.split():
            assert word in names
