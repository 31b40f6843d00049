"""What `rubric check` found, as text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from partnercheck.clean import clean
from partnercheck.problems import Problem, render

# Nobody works through more; a hostile file can have 500,000, and a screen is not the place for them.
SHOWN_MAX = 1000


@dataclass(frozen=True, slots=True)
class Checked:
    """One rubric's file, checked: `problems` of the rubric, then of its cases; how many cases were `run`, `failed` or `unread`."""

    file: str
    problems: tuple[Problem, ...]
    has_cases: bool = False
    run: int = 0
    failed: int = 0
    unread: int = 0

    @property
    def errors(self) -> int:
        return sum(found.is_error for found in self.problems)

    def as_text(self) -> str:
        """Every finding, then one line that sums up."""
        lines = [render(found) for found in self.problems[:SHOWN_MAX]]
        if len(self.problems) > SHOWN_MAX:
            lines.append(f"… and {len(self.problems) - SHOWN_MAX:,} more findings; --format json lists them all.")
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        """Such as "2 errors, 1 warning. 16 worked cases, all as expected."."""
        warnings = len(self.problems) - self.errors
        counts = [_count(self.errors, "error") if self.errors else "", _count(warnings, "warning") if warnings else ""]
        found = ", ".join(text for text in counts if text) or "Nothing wrong"
        return f"{found}. {self._cases()}"

    def _cases(self) -> str:
        if not self.has_cases:
            return "There are no worked cases beside it."
        if not self.run:
            return "The worked cases were not run."
        outcome = "all as expected" if not self.failed else f"{self.failed:,} not as expected"
        unread = f" {self.unread:,} more could not be read." if self.unread else ""
        return f"{_count(self.run, 'worked case')}, {outcome}.{unread}"

    def as_json(self) -> dict[str, Any]:
        """The findings as plain data; texts are as harmless as on a screen."""
        return {
            "format": 1,
            "file": clean(self.file),
            "problems": [_problem_as_json(found) for found in self.problems],
            "cases": {"run": self.run, "failed": self.failed},
        }


def _problem_as_json(found: Problem) -> dict[str, Any]:
    place = found.place
    return {
        "code": found.code,
        "severity": found.severity,
        "file": clean(place.file),
        "line": place.line,
        "column": place.position,
        "message": found.message,
        "fix": found.fix,
        "source": clean(place.source),
    }


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"
