"""The one place where a score becomes a text.

A score is shown with one decimal, rounded half up. Where the rounded text would lie in another stage's band than the
score itself, it is cut off instead: 2.499 shows as 2.4, never as "2.5, involvement" (docs/scoring.md, section 0).
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from partnercheck.rubric.model import Rubric


def exact(score: float) -> Decimal:
    """A score, which has at most nine decimals, as an exact decimal."""
    return Decimal(repr(round(score, 9)))


def shown(score: float, rubric: Rubric, places: int = 1) -> str:
    """A score as people read it."""
    value, unit = exact(score), Decimal(1).scaleb(-places)
    rounded = value.quantize(unit, ROUND_HALF_UP)
    crosses = any(Fraction(value) < rubric.cut(stage) <= Fraction(rounded) for stage in rubric.stages)
    return str(value.quantize(unit, ROUND_DOWN) if crosses else rounded)


def count_word(number: int) -> str:
    """A small count as a word, as one would say it aloud; a larger one in figures."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if 0 <= number < len(words) else str(number)
