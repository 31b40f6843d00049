"""The plain table: a row per respondent or per team, a column per question, in files saved as text.

    practice,respondent,role,period,mat_time,mat_access,…
    Elm Street Surgery,P07,nurse,2026-Q4,2,involvement,…

Several files are one cohort. A file that cannot be read as a whole is refused, and with it the call; a row that cannot be
used is rejected with its reason, and the others are scored: rows read = rows in the table + rows rejected, always.
Cells of answers stay text here; `answers` reads them.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from partnercheck.clean import clean, clean_value
from partnercheck.errors import AnswersError, UsageError
from partnercheck.folding import fold
from partnercheck.periods import read_period
from partnercheck.problems import Place, Problem, in_order, problem
from partnercheck.rubric.model import Rubric
from partnercheck.sources import identity
from partnercheck.sources.csvfile import DELIMITERS, TextTable, open_table, table_of
from partnercheck.sources.headers import KEYS, Columns, find_columns, listed
from partnercheck.sources.identity import CONSENSUS, Sieve
from partnercheck.sources.rawtext import SPACES, STDIN

COLUMNS = ("file", "row", "line", "practice", "period", "respondent", "role", "kind")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says about the tables."""

    practice: str | None = None
    period: str | None = None
    mode: Literal["consensus", "survey"] | None = None
    duplicates: Literal["first", "last"] | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one cohort that can be scored, and what became of the others.

    `frame`: the columns `COLUMNS`, then one per item id asked for. `row` and `line` are Int64 (data record and physical
    line, from 1), all else is text as it stands in the file. Null: a period or respondent that is not given, the respondent
    and the role of a team, the role in a file without a role column; a role that is not in the rubric is an empty text. `kind` is `consensus`
    or `respondent`. `problems` has one entry for each rejected row, and others for rows that are in the frame.
    """

    frame: pl.DataFrame
    problems: list[Problem]
    rows_read: int
    rejected: int
    notices: list[str]
    first_line: str
    unknown_columns: tuple[str, ...]


def read_plain_tables(
    paths: Sequence[Path], rubric: Rubric, *, item_ids: Sequence[str] | None = None, choices: Choices | None = None
) -> Table:
    """Read files (`-`: standard input) as one cohort; `item_ids` are the items asked, all of the rubric's by default.

    Raises `AnswersError` with every problem found where a file is refused or no row of any can be scored; `UsageError`
    where a choice or a path cannot be meant.
    """
    chosen = choices or Choices()
    period = _checked(chosen)
    _refuse_repeated(paths)
    items = tuple(rubric.item_ids if item_ids is None else item_ids)
    names = {fold(name) for name in (*KEYS, *items)}
    parts: list[_Part] = []
    faults: list[AnswersError] = []
    for path in paths:
        try:
            parts.append(_read_one(open_table(path, chosen.encoding, names), rubric, items, chosen, period))
        except AnswersError as fault:
            faults.append(fault if fault.problems or len(paths) == 1 else _located(fault, path))
    if faults:
        raise _together(faults)
    return _cohort(parts, rubric, items, chosen)


def read_plain_bytes(
    data: bytes, rubric: Rubric, *, file: str = "table.csv", item_ids: Sequence[str] | None = None, choices: Choices | None = None
) -> Table:
    """The same from the bytes of one file."""
    chosen = choices or Choices()
    period = _checked(chosen)
    items = tuple(rubric.item_ids if item_ids is None else item_ids)
    table = table_of(data, file, chosen.encoding, {fold(name) for name in (*KEYS, *items)})
    return _cohort([_read_one(table, rubric, items, chosen, period)], rubric, items, chosen)


# What was chosen


def _checked(chosen: Choices) -> str | None:
    """The chosen period in its one spelling."""
    if chosen.practice is not None and (not chosen.practice.strip(SPACES) or identity.name_fault(chosen.practice)):
        raise UsageError(f"--practice needs a name of at most {identity.NAME_LIMIT} characters, all of which can be seen.")
    if chosen.period is None:
        return None
    period = read_period(chosen.period)
    if period is None:
        raise UsageError(
            f"'{clean_value(chosen.period)}' is not a period. Write a quarter, a half-year or a year, such as 2026-Q4."
        )
    return period


def _refuse_repeated(paths: Sequence[Path]) -> None:
    seen: set[object] = set()
    for path in paths:
        key = _which_file(path)
        if key in seen:
            raise UsageError(f"'{path}' is named twice; its rows would count twice. Name each file once.")
        seen.add(key)


def _which_file(path: Path) -> object:
    """What tells one file from another, whatever names and links lead to it; what is no file is told by its name."""
    try:
        status = os.fstat(sys.stdin.fileno()) if str(path) == STDIN else path.stat()
    except (OSError, ValueError, AttributeError):
        return str(path)
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else str(path)


def _located(fault: AnswersError, path: Path) -> AnswersError:
    first, _, rest = fault.message.partition(". ")
    return AnswersError(fault.message, [problem("T001", Place(clean(str(path))), reason=first, fix=rest)])


def _together(faults: Sequence[AnswersError]) -> AnswersError:
    if len(faults) == 1:
        return faults[0]
    found = in_order({entry for fault in faults for entry in fault.problems})
    return AnswersError(f"{len(faults)} files were not read, and nothing was scored.", found)


# One file


@dataclass(frozen=True, slots=True)
class _Part:
    file: str
    sieve: Sieve
    notices: tuple[str, ...]
    unknown: tuple[str, ...]
    basis: str  # what decided between consensus and survey: the mode, the roles, the shape of the file


def _read_one(table: TextTable, rubric: Rubric, items: tuple[str, ...], chosen: Choices, period: str | None) -> _Part:
    columns = find_columns(table, rubric, items, practice_is_given=chosen.practice is not None)
    records = table.read(columns.positions)
    refuse_shifted_numbers(records.frame, rubric, items, table)
    sieve = Sieve(_with_all_columns(records.frame, table, columns, items, chosen), records.problems, len(records.problems))
    assert sieve.rows_read == records.rows_read
    _reject_repeated_headers(sieve, items)
    identity.check_names(sieve)
    identity.read_periods(sieve, period)
    sieve.reject(pl.concat_str(items).str.strip_chars(SPACES) == "", lambda _, place: problem("T034", place))
    basis = _decide_kinds(sieve, columns, rubric, chosen)
    return _Part(table.file, sieve, (*table.notices, *_dialect(table), *columns.notices), columns.unknown, basis)


def refuse_shifted_numbers(frame: pl.DataFrame, rubric: Rubric, items: Sequence[str], table: TextTable) -> None:
    """Refuse answers counted from one too many: p_max + 1 in several columns and p_min in none."""

    def columns_with(points: int) -> int:
        trimmed = (pl.col(item).str.strip_chars(SPACES).is_in([str(points), f"{points}.0"]).any() for item in items)
        return sum(frame.select(trimmed).row(0)) if frame.height else 0

    beyond = rubric.p_max + 1
    count = columns_with(beyond)
    if count >= 2 and columns_with(rubric.p_min) == 0:
        meaning = ", ".join(f"{stage.points} = {stage.name}" for stage in rubric.stages)
        words = {
            "found": f"{rubric.p_min + 1}-{beyond}", "expected": f"{rubric.p_min}-{rubric.p_max}",
            "high": str(beyond), "low": str(rubric.p_min), "count": str(count), "meaning": meaning,
        }  # fmt: skip
        raise AnswersError(
            f"'{table.file}' was not read, and nothing was scored.", [problem("T026", table.header_place, value="", **words)]
        )


def _with_all_columns(
    frame: pl.DataFrame, table: TextTable, columns: Columns, items: Sequence[str], chosen: Choices
) -> pl.DataFrame:
    """The rows with every column there can be; texts that are not given are empty until the end."""
    given = {"practice": chosen.practice or "", "respondent": "", "role": "", "period": ""}
    missing = [pl.lit(text).alias(name) for name, text in given.items() if name not in columns.positions]
    whole = frame.with_columns(pl.lit(table.file).alias("file"), *missing).rename({"role": "role_text"})
    return whole.select("file", "row", "line", "practice", "period", "respondent", "role_text", *items)


def _reject_repeated_headers(sieve: Sieve, items: Sequence[str]) -> None:
    """A header in the middle of a table, where two were joined: each answer is the id of its own question."""
    first = items[0]
    suspects = sieve.frame.filter(pl.col(first).str.to_lowercase().str.contains(first, literal=True))
    if suspects.height:
        repeated = [row for row, *cells in suspects.select("row", *items).iter_rows() if all(map(_is_header, cells, items))]
        sieve.reject(pl.col("row").is_in(repeated), lambda _, place: problem("T035", place))


def _is_header(cell: str, item_id: str) -> bool:
    return len(cell) < 100 and fold(cell) == item_id


def _decide_kinds(sieve: Sieve, columns: Columns, rubric: Rubric, chosen: Choices) -> str:
    """Add `kind` and `role`, by the mode chosen, else by the roles, else by the shape of the file; say which it was."""
    frame = sieve.frame
    has_roles = "role" in columns.positions
    ids = identity.role_ids(frame, rubric)
    role = (
        pl.col("role_text").replace_strict(list(ids), list(ids.values()), return_dtype=pl.String) if ids else pl.col("role_text")
    )
    if chosen.mode is not None:
        basis, is_consensus = "mode", pl.lit(chosen.mode == CONSENSUS)
    elif has_roles:
        basis, is_consensus = "roles", role == CONSENSUS
    else:
        are_teams = "respondent" not in columns.positions and not frame.select("practice", "period").is_duplicated().any()
        basis, is_consensus = "shape", pl.lit(are_teams)
    # Where the mode makes a respondent of it, `consensus` is a role nobody knows.
    known = pl.when(role == CONSENSUS).then(pl.lit("")).otherwise(role) if has_roles else pl.lit(None, dtype=pl.String)
    sieve.frame = frame.with_columns(
        kind=pl.when(is_consensus).then(pl.lit(CONSENSUS)).otherwise(pl.lit("respondent")),
        role=pl.when(is_consensus).then(pl.lit(None, dtype=pl.String)).otherwise(known),
    )
    return basis


def _dialect(table: TextTable) -> Iterable[str]:
    if table.delimiter != ",":
        yield f"The cells are separated by a {DELIMITERS.get(table.delimiter, repr(clean(table.delimiter)))}."


# All files


def _cohort(parts: Sequence[_Part], rubric: Rubric, items: tuple[str, ...], chosen: Choices) -> Table:
    sieve = Sieve(
        pl.concat([part.sieve.frame for part in parts]),
        [entry for part in parts for entry in part.sieve.problems],
        sum(part.sieve.rejected for part in parts),
    )
    rows_read = sieve.rows_read
    identity.reject_duplicates(sieve, rubric, items, chosen.duplicates)
    identity.note_unknown_roles(sieve, rubric)
    assert sieve.rows_read == rows_read
    problems = in_order(sieve.problems)
    if not sieve.frame.height:
        raise AnswersError("No row could be scored.", problems)
    # A team's agreed answers are nobody's own, whatever stands in that column.
    is_nobodys = identity.is_blank(pl.col("respondent")) | (pl.col("kind") == CONSENSUS)
    respondent = pl.when(is_nobodys).then(pl.lit(None, dtype=pl.String)).otherwise(pl.col("respondent"))
    frame = sieve.frame.with_columns(respondent.alias("respondent")).select(*COLUMNS, *items)
    return Table(
        frame=frame,
        problems=problems,
        rows_read=rows_read,
        rejected=sieve.rejected,
        notices=[*dict.fromkeys(_of_file(parts)), *_one_name(frame)],
        first_line=_first_line(frame, {part.basis for part in parts}),
        unknown_columns=tuple(dict.fromkeys(name for part in parts for name in part.unknown)),
    )


def _of_file(parts: Sequence[_Part]) -> Iterable[str]:
    for part in parts:
        for notice in part.notices:
            yield f"{part.file}: {notice}" if len(parts) > 1 else notice


def _one_name(frame: pl.DataFrame) -> Iterable[str]:
    for names in identity.nearly_the_same(frame["practice"].unique().to_list()):
        shown = listed([f"'{clean_value(name)}'" for name in names], 6)
        yield (
            f"These {len(names)} practice names look like one: {shown}. They are kept apart; "
            "if they are one practice, write its name the same way in every row."
        )


def _first_line(frame: pl.DataFrame, basis: set[str]) -> str:
    """How the rows were read, and what to do if that is wrong."""
    teams = frame.filter(pl.col("kind") == CONSENSUS).height
    people = frame.height - teams
    agreed = f"{teams:,} teams' agreed answers, one row each" if teams != 1 else "1 team's agreed answers, in one row"
    practices = frame.filter(pl.col("kind") != CONSENSUS)["practice"].n_unique()
    single = f"{people:,} {'people' if people != 1 else 'person'}'s answers from {practices:,} practice{'s' * (practices != 1)}"
    because = " (--mode)" if basis == {"mode"} else ""
    if teams and people:
        return f"Read as {agreed}, and {single}{because}."
    if teams:
        wrong = "" if because else " If these are single people's answers: --mode survey"
        return f"Read as {agreed}{because}.{wrong}"
    wrong = "" if because else " If each row is what a team agreed on: --mode consensus"
    return f"Read as {single}{because}.{wrong}"
