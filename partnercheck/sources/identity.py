"""Whose answers a row holds: practice, period, respondent and role; what is said twice; which rows cannot be used.

All of it is done in bulk, a decision once per distinct text. A row is rejected for one reason, the first that holds, and
a `Sieve` sees to it that each row of a file is either among the rows that are left or among those rejected.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import polars as pl

from partnercheck.answers import UNREAD, Policy
from partnercheck.clean import clean_value, has_acting, is_acting
from partnercheck.folding import fold
from partnercheck.periods import read_period
from partnercheck.problems import Place, Problem, problem
from partnercheck.rubric.model import Rubric
from partnercheck.sources.rawtext import SPACES

NAME_LIMIT = 200
CONSENSUS = "consensus"
_LOST = "\ufffd"  # stands where a program could not read a letter
_NAMED = 5
_HINTED = 200  # distinct unknown roles that get a nearest role: comparing texts is slow


class Sieve:
    """The rows of a table on their way: each step keeps some and rejects the others with a reason; none is lost."""

    def __init__(self, frame: pl.DataFrame, problems: Iterable[Problem] = (), rejected: int = 0) -> None:
        self.frame = frame
        self.problems = list(problems)
        self.rejected = rejected

    @property
    def rows_read(self) -> int:
        return self.frame.height + self.rejected

    def reject(
        self, which: pl.Expr | pl.Series, explain: Callable[[dict[str, Any], Place], Problem], columns: Sequence[str] = ()
    ) -> None:
        """Take the rows out that `which` marks; `explain` makes a problem of each from the columns it needs."""
        out = self.frame.filter(which)
        if out.height:
            self.frame = self.frame.filter(~which)
            self.rejected += out.height
            self.note(out, explain, columns)

    def note(self, rows: pl.DataFrame, explain: Callable[[dict[str, Any], Place], Problem], columns: Sequence[str]) -> None:
        """A problem for each of these rows, which stay."""
        for row in rows.select("file", "row", "line", *columns).iter_rows(named=True):
            self.problems.append(explain(row, Place(row["file"], row["line"], None, row["row"])))


def is_blank(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars(SPACES) == ""


def _texts(frame: pl.DataFrame, column: str) -> list[str]:
    """The distinct texts of a column in a fixed order."""
    return sorted(frame[column].unique().to_list())


def _at(place: Place, column: str) -> Place:
    return Place(place.file, place.line, place.position, place.row, column)


# Practice and respondent


def check_names(sieve: Sieve) -> None:
    """Reject the rows whose practice is blank, or whose practice or respondent holds what a name cannot hold."""
    sieve.reject(is_blank(pl.col("practice")), lambda _, place: problem("T030", _at(place, "practice")))
    for column in ("practice", "respondent"):
        faults = {text: fault for text in _texts(sieve.frame, column) if (fault := name_fault(text))}
        if faults:

            def explain(row: dict[str, Any], place: Place, column: str = column, faults: Mapping[str, str] = faults) -> Problem:
                return _explained(faults[row[column]], column, row[column], _at(place, column))

            sieve.reject(pl.col(column).is_in(list(faults)), explain, [column])


def name_fault(text: str) -> str:
    """The message code for what is wrong with an identifier, or an empty text."""
    if has_acting(text) or _LOST in text:
        return "T031"
    return "T032" if len(text) > NAME_LIMIT else ""


def _explained(code: str, column: str, text: str, place: Place) -> Problem:
    if code == "T032":
        return problem(code, place, value=text, column=column, found=len(text), limit=NAME_LIMIT)
    chars = list(dict.fromkeys(char for char in text if is_acting(char) or char == _LOST))
    named = ", ".join(f"U+{ord(char):04X} ({unicodedata.name(char, 'a control character').lower()})" for char in chars[:3])
    return problem(code, place, value=text, column=column, chars=named)


def nearly_the_same(names: Iterable[str]) -> list[list[str]]:
    """Groups of names that differ only in case, blanks, typographic marks or the way accents are stored."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault("".join(fold(name).split()), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


# Period


def read_periods(sieve: Sieve, given: str | None) -> None:
    """Bring the periods to their one spelling; a blank one is the `given` one. Reject the rows with any other text."""
    texts = _texts(sieve.frame, "period")
    periods = {text: read_period(text) if text.strip(SPACES) else given for text in texts}
    wrong = [text for text in texts if text.strip(SPACES) and periods[text] is None]

    def explain(row: dict[str, Any], place: Place) -> Problem:
        return problem("T033", _at(place, "period"), value=row["period"], shown=clean_value(row["period"]))

    sieve.reject(pl.col("period").is_in(wrong), explain, ["period"])
    known = [text for text in texts if text not in wrong]
    spelling = pl.col("period").replace_strict(known, [periods[text] for text in known], return_dtype=pl.String)
    sieve.frame = sieve.frame.with_columns(spelling if known else pl.col("period"))


# Role


def role_ids(frame: pl.DataFrame, rubric: Rubric) -> dict[str, str]:
    """Each distinct text of the column `role_text` as a role's id, `consensus`, or an empty text."""
    known = {fold(word): role.id for role in rubric.roles for word in (role.id, role.name)} | {CONSENSUS: CONSENSUS}
    return {text: known.get(fold(text), "") for text in _texts(frame, "role_text")}


def note_unknown_roles(sieve: Sieve, rubric: Rubric) -> None:
    """A problem for each respondent whose role is not in the rubric, or not given although there is a column for it."""
    rows = sieve.frame.filter((pl.col("kind") == "respondent") & (pl.col("role") == ""))
    names = {fold(word): role.id for role in rubric.roles for word in (role.id, role.name)}
    known = ", ".join(role.id for role in rubric.roles)
    hints: dict[str, str] = {}
    for text in _texts(rows, "role_text")[:_HINTED]:
        near = (
            list(dict.fromkeys(names[word] for word in get_close_matches(fold(text), list(names), n=3, cutoff=0.5)))
            if len(text) <= 60
            else []
        )
        hints[text] = f" (nearest: {', '.join(near)})" if near else ""

    def explain(row: dict[str, Any], place: Place) -> Problem:
        text = row["role_text"]
        if not text.strip(SPACES):
            return problem("T037", _at(place, "role"), known=known)
        return problem("T036", _at(place, "role"), value=text, shown=clean_value(text), hint=hints.get(text, ""), known=known)

    sieve.note(rows, explain, ["role_text"])


# What is said twice


def reject_duplicates(sieve: Sieve, rubric: Rubric, item_ids: Sequence[str], choice: str | None) -> None:
    """One row for each team and period, and for each respondent, practice and period.

    Copies: one is kept. Rows that differ: all are rejected, but for the `first` or `last` if so chosen. Rows without a
    respondent id are never duplicates.
    """
    frame = sieve.frame.with_row_index("at")
    by_respondent = pl.col("kind") != CONSENSUS
    who = pl.when(by_respondent).then(pl.col("respondent")).otherwise(pl.lit(""))
    key = ["kind", "practice", "period", "who"]
    twice = frame.with_columns(who=who).filter(~(by_respondent & is_blank(pl.col("respondent")))).filter(pl.len().over(key) > 1)
    if not twice.height:
        return
    meanings = _meanings(twice, rubric, item_ids)
    facts = twice.select("at", *key, "file", "row", "line").rows(named=True)
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row, said in zip(facts, meanings.iter_rows(), strict=True):
        groups.setdefault(tuple(row[name] for name in key), []).append(row | {"said": said})
    reasons: dict[int, Problem] = {}
    for rows in groups.values():
        reasons |= _judged(rows, choice)
    doomed = pl.Series(list(reasons), dtype=frame["at"].dtype)
    sieve.frame = frame
    sieve.reject(pl.col("at").is_in(doomed.implode()), lambda row, _: reasons[row["at"]], ["at"])
    sieve.frame = sieve.frame.drop("at")


def _meanings(rows: pl.DataFrame, rubric: Rubric, item_ids: Sequence[str]) -> pl.DataFrame:
    """The role and the answers of rows as what they mean, so that `3` and `3.0` are the same; unreadable ones as text."""
    policy = Policy(rubric)
    roles = _texts(rows, "role_text")
    unknown = pl.col("role_text").replace_strict(roles, [f"?{fold(text)}" for text in roles], return_dtype=pl.String)
    columns = [pl.when(pl.col("role") == "").then(unknown).otherwise(pl.col("role")).alias("role")]
    for item_id in item_ids:
        texts = _texts(rows, item_id)
        codes = [policy.read(item_id, text).code for text in texts]
        meanings = [f"?{fold(text)}" if code == UNREAD else str(code) for text, code in zip(texts, codes, strict=True)]
        columns.append(pl.col(item_id).replace_strict(texts, meanings, return_dtype=pl.String))
    return rows.select(columns)


def _judged(rows: list[dict[str, Any]], choice: str | None) -> dict[int, Problem]:
    """Which of the rows with one key are rejected, and why."""
    are_copies = len({row["said"] for row in rows}) == 1
    kept = rows[-1 if choice == "last" and not are_copies else 0]
    reasons = {}
    for number, row in enumerate(rows):
        place = Place(row["file"], row["line"], None, row["row"])
        if are_copies or choice:
            if row is not kept:
                words = {"other": _named([kept], row), "key": _key(row)}
                reasons[row["at"]] = (
                    problem("T038", place, **words) if are_copies else problem("T040", place, choice=choice, **words)
                )
        else:
            after = number + 1 + max(1, _NAMED - number)
            others = rows[: min(number, _NAMED)] + rows[number + 1 : after]
            reasons[row["at"]] = problem("T039", place, key=_key(row), other=_named(others, row, len(rows) - 1))
    return reasons


def _key(row: dict[str, Any]) -> str:
    period = f", {row['period']}" if row["period"] else ""
    who = ", the same respondent" if row["who"] else ""  # who it is, the row says: ids stay out of what is passed on
    return f"practice '{clean_value(row['practice'])}'{period}{who}"


def _named(rows: list[dict[str, Any]], beside: dict[str, Any], count: int = 1) -> str:
    """Other rows, by row and line, and by file where it is another one."""
    names = [
        f"row {row['row']} (line {row['line']}{'' if row['file'] == beside['file'] else ' of ' + row['file']})"
        for row in rows[:_NAMED]
    ]
    return ", ".join(names) + (f" and {count - len(names):,} more" if count > len(names) else "")
