"""The results of a batch: every row scored by the one scorer, then as a summary, a CSV table or JSON.

Scores leave this module as the scorer wrote them (nine decimals or null); only the summary's words round, and it shows no
score at all. Cells of a CSV table are made safe for a spreadsheet: none can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from partnercheck.answers import STATES, read_answers
from partnercheck.clean import clean
from partnercheck.problems import Problem
from partnercheck.reports.words import counted, listed, quoted
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.score import DOMAIN_STATUS, with_steps
from partnercheck.scoring.whatif import reach
from partnercheck.strictjson import dumps

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """A scored table: `rows` carry every column of every step, the keys of the file and `possible_low`/`possible_high`."""

    rubric: Rubric
    profile: str
    rows: Sequence[Row]
    problems: Sequence[Problem]
    rows_read: int
    rejected: int
    first_line: str = ""
    notices: Sequence[str] = ()

    @property
    def practices(self) -> list[Row]:
        """The rows that stand for a practice: a team's agreed answers."""
        return [row for row in self.rows if row["kind"] == "consensus"]

    @property
    def respondents(self) -> list[Row]:
        return [row for row in self.rows if row["kind"] != "consensus"]


def score_table(frame: Any, rubric: Rubric, profile: str = "full") -> list[Row]:
    """Score a table read from a file (keys `file row line practice period respondent role kind`, then item texts)."""
    answers: Any = nw.from_native(read_answers(frame, rubric, profile=profile))
    table = with_steps(answers, rubric, profile)
    if profile == "full":
        low, high = reach(table.select(answers.columns), rubric)
        table = table.with_columns(low["placed"].alias("possible_low"), high["placed"].alias("possible_high"))
    return list(table.rows(named=True))


def practice_columns(rubric: Rubric) -> list[str]:
    ids = [domain.id for domain in rubric.domains]
    return [
        "practice", "period", "mode", "respondents", "patients", "weighting", "confirmed_by_patients", "overall", "index", "proposed",
        "placed", "status", "held_back_by", "reason", "report_file", *ids, *(f"{domain_id}__placed" for domain_id in ids),
    ]  # fmt: skip


def respondent_columns(rubric: Rubric) -> list[str]:
    keys = ["file", "row", "practice", "period", "respondent", "role", "overall", "index", "placed", "status"]
    return [*keys, *(domain.id for domain in rubric.domains)]


def as_csv(batch: Batch, *, respondents: bool = False) -> str:
    """The practices (or the respondents) as CSV with the fixed columns."""
    columns = respondent_columns(batch.rubric) if respondents else practice_columns(batch.rubric)
    entries = (
        batch.respondents
        if respondents
        else [
            {**row, "mode": "consensus", "confirmed_by_patients": "not_asked", "reason": _reason(row, batch.rubric)}
            for row in batch.practices
        ]
    )
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        [safe_cell(_whole(row.get(column)) if column == "index" else row.get(column)) for column in columns] for row in entries
    )
    return target.getvalue()


def _whole(value: Any) -> Any:
    return None if value is None else int(value)


def safe_cell(value: Any) -> Any:
    """A value as a table cell that no spreadsheet takes for a formula: a text that could be one gets a leading '."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = clean(value)
    return "'" + text if text.lstrip().startswith(_FORMULA) else text


def _reason(row: Row, rubric: Rubric) -> str:
    """Why a row is where it is, in a few words."""
    if row["status"] == "incomplete":
        lacking = [
            f"{d.name} ({row[f'{d.id}__answered']} of {row[f'{d.id}__applicable']})"
            for d in rubric.domains
            if row[f"{d.id}__state"] == 0
        ]
        return f"Not enough answers: {', '.join(lacking)}."
    if not row["held_back_by"]:
        return ""
    held = [_held_name(name, rubric) for name in row["held_back_by"].split()]
    return f"The score fits {rubric.stage(row['proposed']).name}; placed lower because of {listed(held)}."


def _held_name(name: str, rubric: Rubric) -> str:
    if name.startswith("domain:"):
        return f"the area {rubric.domain(name.removeprefix('domain:')).name}"
    return quoted(rubric.item(name))


def as_json(batch: Batch, *, respondents: bool = False) -> str:
    """The results in the shape of `partnercheck schema results`."""
    rubric = batch.rubric
    content: dict[str, Any] = {
        "format": 1,
        "rubric": {"id": rubric.id, "version": rubric.version, "sha256": rubric.sha256},
        "rows": {"read": batch.rows_read, "scored": len(batch.rows), "rejected": batch.rejected},
        "practices": [_practice(row, rubric) for row in batch.practices],
    }
    if respondents:
        keys = ("file", "row", "practice", "period", "respondent", "role")
        content["respondents"] = [{**{key: row[key] for key in keys}, **_scores(row, rubric)} for row in batch.respondents]
    content["problems"] = [_problem(found) for found in batch.problems]
    return dumps(content, indent=1) + "\n"


def _practice(row: Row, rubric: Rubric) -> dict[str, Any]:
    return {
        "practice": row["practice"],
        "period": row["period"],
        "mode": "consensus",
        "respondents": None,
        "patients": None,
        "weighting": None,
        "weighting_reason": None,
        "confirmed_by_patients": "not_asked",
        **_scores(row, rubric),
    }


def _scores(row: Row, rubric: Rubric) -> dict[str, Any]:
    held = row["held_back_by"]
    is_open = row["status"] == "incomplete" and row.get("possible_low") is not None
    return {
        "overall": {
            "score": row["overall"],
            "index": _whole(row["index"]),
            "proposed": row["proposed"],
            "placed": row["placed"],
            "possible": {"low": row["possible_low"], "high": row["possible_high"]} if is_open else None,
            "status": row["status"],
            "held_back_by": None if held is None else held.split(),
        },
        "domains": [
            {
                "id": domain.id,
                "score": row[domain.id],
                "placed": row[f"{domain.id}__placed"] if row[domain.id] is not None else None,
                "answered": row[f"{domain.id}__answered"],
                "applicable": row[f"{domain.id}__applicable"],
                "status": DOMAIN_STATUS[row[f"{domain.id}__state"]] if row["status"] != "profile" else "profile",
            }
            for domain in rubric.domains
        ],
        "items": [{"id": item_id, **_item(row[item_id])} for item_id in rubric.item_ids],
    }


def _item(code: int) -> dict[str, Any]:
    return {"score": code, "state": "answered"} if code >= 0 else {"score": None, "state": STATES[code]}


def _problem(found: Problem) -> dict[str, Any]:
    place = found.place
    return {
        "file": clean(place.file),
        "row": place.row,
        "line": place.line,
        "column": clean(place.column),
        "value": found.value,
        "code": found.code,
        "message": found.sentence,
    }


def summary(batch: Batch) -> list[str]:
    """What was understood, what came out, and what to do about the rest; a fact a line."""
    return [line for part in (_understood(batch), _placed(batch), _held(batch), _next(batch)) for line in part]


def _understood(batch: Batch) -> Iterator[str]:
    rubric = batch.rubric
    yield batch.first_line
    codes = ", ".join(f"{stage.points} = {stage.name}" for stage in rubric.stages)
    yield f"Numbers were read as: {codes}."
    yield f"Rubric: {rubric.title} ({rubric.id} {rubric.version})."
    yield f"Rows: {batch.rows_read:,} read, {len(batch.rows):,} scored, {batch.rejected:,} rejected."
    cells = sum(found.code.startswith("A") for found in batch.problems)
    if cells:
        yield f"Cells that could not be read and count as missing: {cells:,}."
    yield from batch.notices


def _placed(batch: Batch) -> Iterator[str]:
    rubric, practices = batch.rubric, batch.practices
    if batch.profile != "full":
        yield ""
        yield f"The profile '{batch.profile}' has no score and no placement."
        return
    if practices:
        placed = Counter(row["placed"] for row in practices)
        yield ""
        yield "Practices by stage:"
        width = max(len(stage.name) for stage in rubric.stages)
        yield from (f"  {stage.name.ljust(width)}  {placed[stage.id]:,}" for stage in rubric.stages)
        if placed[None]:
            yield f"  {'Not enough answers'.ljust(width)}  {placed[None]:,}"
    if batch.respondents:
        yield ""
        people = len(batch.respondents)
        yield f"{people:,} {'person was' if people == 1 else 'people were'} scored one by one. Pooling them per practice comes with a later version."
        yield "See them with: --respondents --format csv"


def _held(batch: Batch) -> Iterator[str]:
    held = Counter(name for row in batch.practices for name in (row["held_back_by"] or "").split())
    if held:
        yield ""
        yield "What held practices back most often:"
        for name, count in held.most_common(3):
            yield f"  {_held_name(name, batch.rubric)}: {counted(count, 'practice')}"
    if batch.practices:
        yield ""
        yield "Self-assessment is not audit: not for payment, ranking or accreditation."


def _next(batch: Batch) -> Iterator[str]:
    if batch.problems:
        yield ""
        yield f"To put right: {counted(len(batch.problems), 'problem')}, listed with row and column. Correct the file and run this again."


def problem_lines(problems: Iterable[Problem], most: int = 50) -> list[str]:
    """Problems of a table for the screen: a line each, the first `most`, then how to see the rest."""
    found = list(problems)
    lines = []
    for entry in found[:most]:
        place = entry.place
        where = ", ".join(
            part
            for part in (
                clean(place.file),
                f"row {place.row}" if place.row is not None else "",
                f"line {place.line}" if place.line is not None else "",
                f"column {clean(place.column)}" if place.column else "",
            )
            if part
        )
        lines.append(f"{where}: {entry.severity} {entry.code}: {entry.sentence}")
    if len(found) > most:
        lines.append(f"… and {len(found) - most:,} more. All of them: --format json")
    return lines
