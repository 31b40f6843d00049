"""Periods: one spelling of each, in words, and the quarter of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercheck.periods import period_words, quarter_of, read_period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-Q4", "2026-Q4"),
        ("2026Q4", "2026-Q4"),
        ("Q4 2026", "2026-Q4"),
        ("q4 2026", "2026-Q4"),
        ("  2026-q1\u00a0", "2026-Q1"),
        ("2026-H2", "2026-H2"),
        ("2026H1", "2026-H1"),
        ("2026", "2026"),
    ],
)
def test_the_spellings_of_a_period(text: str, period: str) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize(
    "text",
    ["", " ", "Q5 2026", "2026-Q0", "2026-H3", "2026-10", "2026-10-01", "Oct 2026", "26-Q4", "1999", "２０２６", "2026-Q４", "2026-Q4\u200b", "Q4", "2026-Q4; 2027"],
)  # fmt: skip
def test_anything_else_is_no_period(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-Q4", "October to December 2026"),
        ("2026-Q1", "January to March 2026"),
        ("2026-H2", "July to December 2026"),
        ("2026", "2026"),
    ],
)
def test_a_period_in_words(period: str, words: str) -> None:
    assert period_words(period) == words


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_the_quarter_its_words_name(day: date) -> None:
    quarter = quarter_of(day)
    assert read_period(quarter) == quarter
    first, _, rest = period_words(quarter).partition(" to ")
    months = "January February March April May June July August September October November December".split()
    assert months.index(first) < day.month <= months.index(rest.split()[0]) + 1


def test_a_quarter_ends_at_midnight() -> None:
    last = date(2026, 9, 30)
    assert (quarter_of(last), quarter_of(last + timedelta(days=1))) == ("2026-Q3", "2026-Q4")


@given(st.text(max_size=12))
def test_no_text_breaks_it_and_every_period_reads_as_itself(text: str) -> None:
    period = read_period(text)
    assert period is None or read_period(period) == period
