"""Periods: the quarter, half-year or year an assessment belongs to. Pure; today's date comes in as an argument."""

from __future__ import annotations

import re
from datetime import date

_FORMS = (
    re.compile(r"(?P<year>20[0-9]{2})[- ]?(?P<kind>[QH])(?P<part>[1-4])"),
    re.compile(r"(?P<kind>[QH])(?P<part>[1-4])[- ]?(?P<year>20[0-9]{2})"),
    re.compile(r"(?P<year>20[0-9]{2})"),
)
_MONTHS = "January February March April May June July August September October November December".split()


def read_period(text: str) -> str | None:
    """`2026-Q4`, `2026Q4`, `Q4 2026`, `2026-H2` or `2026` as its one spelling; None for anything else."""
    plain = " ".join(text.split()).upper()
    for form in _FORMS:
        if match := form.fullmatch(plain):
            parts = match.groupdict()
            if "kind" not in parts:
                return parts["year"]
            if parts["kind"] == "H" and parts["part"] > "2":
                return None
            return f"{parts['year']}-{parts['kind']}{parts['part']}"
    return None


def period_words(period: str) -> str:
    """A period from `read_period` as people say it: "October to December 2026"."""
    year, _, part = period.partition("-")
    if not part:
        return year
    months = 3 if part[0] == "Q" else 6
    first = (int(part[1]) - 1) * months
    return f"{_MONTHS[first]} to {_MONTHS[first + months - 1]} {year}"


def quarter_of(day: date) -> str:
    """The quarter a day lies in, as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
