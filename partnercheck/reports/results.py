"""The results of a batch: every row scored by the one scorer, then as a summary, a CSV table or JSON.

Scores leave this module as the scorer wrote them (nine decimals or null); only the summary's words round, and it shows no
score at all. Cells of a CSV table are made safe for a spreadsheet: none can be taken for a formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from partnercheck.answers import STATES, cell_problems, read_answers
from partnercheck.clean import clean
from partnercheck.errors import AnswersError, UsageError
from partnercheck.problems import Place, Problem, in_order, problem
from partnercheck.reports.words import counted, listed, quoted
from partnercheck.rubric.model import Rubric
from partnercheck.rubric.tree import nearest
from partnercheck.scoring.score import DOMAIN_STATUS, with_steps
from partnercheck.scoring.whatif import reach
from partnercheck.sources.plaintable import Table
from partnercheck.strictjson import dumps

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "−")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """A scored table. `frame` (narwhals) carries the keys of the file, every column of every step, and for incomplete
    rows `possible_low` and `possible_high`; a row each, in file order."""

    rubric: Rubric
    profile: str
    frame: Any
    problems: Sequence[Problem]
    rows_read: int
    rejected: int
    first_line: str = ""
    notices: Sequence[str] = ()

    @property
    def practices(self) -> Any:
        """The rows that stand for a practice: a team's agreed answers."""
        return self.frame.filter(nw.col("kind") == "consensus")

    @property
    def respondents(self) -> Any:
        return self.frame.filter(nw.col("kind") != "consensus")


def asked_items(rubric: Rubric, profile: str) -> tuple[str, ...]:
    """The items a profile asks; raises `UsageError`, naming the known ones, for a profile the rubric has not."""
    known = ["full", *rubric.profiles]
    if profile not in known:
        raise UsageError(f"'{profile}' is no profile of this rubric{nearest(profile, known)}. Known: {', '.join(known)}.")
    return rubric.profile_items(profile)


def score_batch(table: Table, rubric: Rubric, profile: str = "full") -> Batch:
    """Score a table as read, and name every cell and row that could not be used.

    A row in which not one answer could be read is rejected, like a row without any. Raises `AnswersError`, with every
    problem, where no row is left.
    """
    answers = read_answers(table.frame, rubric, profile=profile)
    scored: Any = with_steps(nw.from_native(answers), rubric, profile).with_row_index("row__index")
    is_empty = nw.col("status") == "no_answers"
    empty = scored.filter(is_empty).select("file", "row", "line").rows()
    found = [*table.problems, *cell_problems(table.frame, answers, rubric, profile=profile)]
    found = in_order([*found, *(problem("T034", Place(file, line, row=row)) for file, row, line in empty)])
    if len(empty) == len(scored):
        raise AnswersError("No row could be scored.", found)
    frame = _with_reach(scored.filter(~is_empty), answers.columns, rubric)
    assert table.rows_read == len(frame) + table.rejected + len(empty)
    return Batch(
        rubric=rubric,
        profile=profile,
        frame=frame,
        problems=found,
        rows_read=table.rows_read,
        rejected=table.rejected + len(empty),
        first_line=table.first_line,
        notices=table.notices,
    )


def _with_reach(scored: Any, answer_columns: Sequence[str], rubric: Rubric) -> Any:
    """The incomplete rows scored twice more: between which stages they lie."""
    incomplete = scored.filter(nw.col("status") == "incomplete")
    if not len(incomplete):
        return scored.with_columns(*(nw.lit(None, dtype=nw.String).alias(end) for end in ("possible_low", "possible_high")))
    low, high = reach(incomplete.select(*answer_columns), rubric)
    ends = incomplete.select("row__index").with_columns(
        low["placed"].alias("possible_low"), high["placed"].alias("possible_high")
    )
    return scored.join(ends, on="row__index", how="left")


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
    """The practices (or the respondents) as CSV with the fixed columns; no cell can be taken for a formula."""
    if respondents:
        columns, frame = respondent_columns(batch.rubric), batch.respondents
    else:
        columns, frame = practice_columns(batch.rubric), _with_reasons(batch.practices, batch.rubric)
    empty = [nw.lit(None, dtype=nw.String).alias(name) for name in columns if name not in frame.columns]
    table = frame.with_columns(*empty, nw.col("index").cast(nw.Int64)).select(*columns)
    texts = [name for name, dtype in table.schema.items() if dtype == nw.String]
    return str(table.with_columns(*(_safe(name) for name in texts)).write_csv())


def _safe(name: str) -> Any:
    """A text column in which a cell that a spreadsheet could take for a formula gets a leading apostrophe.

    Keys cannot hold control characters: rows that do are rejected when the table is read.
    """
    start = nw.col(name).str.strip_chars().str.slice(0, 1)
    return nw.when(start.is_in(_FORMULA)).then(nw.concat_str(nw.lit("'"), nw.col(name))).otherwise(nw.col(name)).alias(name)


def _with_reasons(practices: Any, rubric: Rubric) -> Any:
    """Practices with the columns that only the words need; one reason is worded for each distinct result."""
    tallies = [f"{domain.id}__{part}" for domain in rubric.domains for part in ("state", "answered", "applicable")]
    parts = [nw.col(name).fill_null("") for name in ("status", "proposed", "held_back_by")]
    shape = nw.when(nw.col("status") == "incomplete").then(
        nw.concat_str(*(nw.col(name).cast(nw.String) for name in tallies), separator=" ")
    )
    answered = (nw.when(nw.col(item_id) < 0).then(nw.lit("?")).otherwise(nw.lit("+")) for item_id in rubric.gate_items)
    key = nw.concat_str(*parts, shape.otherwise(nw.lit("")), *answered, separator="|")
    keyed = practices.with_columns(key.alias("reason__key"))
    distinct = keyed.unique("reason__key")
    reasons = [_reason(row, rubric) for row in distinct.rows(named=True)]
    worded = distinct.select("reason__key").with_columns(
        nw.new_series("reason", reasons, nw.String, backend=distinct.implementation)
    )
    fixed = [nw.lit("consensus").alias("mode"), nw.lit("not_asked").alias("confirmed_by_patients")]
    return keyed.join(worded, on="reason__key", how="left").with_columns(*fixed)


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
    names = row["held_back_by"].split()
    held = [_held_name(name, rubric) + (" (no answer yet)" if row.get(name, 0) < 0 else "") for name in names]
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
        "rows": {"read": batch.rows_read, "scored": len(batch.frame), "rejected": batch.rejected},
        "practices": [_practice(row, rubric) for row in batch.practices.iter_rows(named=True)],
    }
    if respondents:
        keys = ("file", "row", "practice", "period", "respondent", "role")
        content["respondents"] = [
            {**{key: row[key] for key in keys}, **_scores(row, rubric)} for row in batch.respondents.iter_rows(named=True)
        ]
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
    is_open = row["possible_low"] is not None
    return {
        "overall": {
            "score": row["overall"],
            "index": None if row["index"] is None else int(row["index"]),
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
    yield f"Rows: {batch.rows_read:,} read, {len(batch.frame):,} scored, {batch.rejected:,} rejected."
    cells = sum(found.code.startswith("A") for found in batch.problems)
    if cells:
        yield f"Cells that could not be read and count as missing: {cells:,}."
    yield from batch.notices


def _placed(batch: Batch) -> Iterator[str]:
    rubric, practices = batch.rubric, batch.practices
    if batch.profile != "full":
        yield ""
        yield f"The profile '{batch.profile}' has no score and no placement."
        yield from _must_haves(batch)
        return
    if len(practices):
        placed = Counter(practices["placed"].to_list())
        yield ""
        is_once = practices["practice"].n_unique() == len(practices)
        yield (
            "Practices by stage:"
            if is_once
            else "Practices by stage (one that stands there for several periods counts each time):"
        )
        yield from (f"  {stage.name}: {placed[stage.id]:,}" for stage in rubric.stages)
        if placed[None]:
            yield f"  Not enough answers: {placed[None]:,}"
    people = len(batch.respondents)
    if people:
        yield ""
        yield f"{people:,} {'person was' if people == 1 else 'people were'} scored one by one. Pooling them per practice comes with a later version."
        yield "See them with: --respondents --format csv"


def _must_haves(batch: Batch) -> Iterator[str]:
    """For a shorter check: in how many rows each must-have is in place."""
    rubric = batch.rubric
    asked = set(rubric.profile_items(batch.profile))
    gates = [gate for gate in rubric.gates if gate.item in asked]
    if gates:
        yield f"Must-haves in place, of {len(batch.frame):,}:"
    for gate in gates:
        met = int(rubric.passes(gate, batch.frame[gate.item]).sum())
        yield f"  {quoted(rubric.item(gate.item))} (for {rubric.stage(gate.stage).name}): {met:,}"


def _held(batch: Batch) -> Iterator[str]:
    held = Counter(name for held in batch.practices["held_back_by"].to_list() for name in (held or "").split())
    if held:
        yield ""
        yield "What held practices back most often:"
        for name, count in held.most_common(3):
            yield f"  {_held_name(name, batch.rubric)}: {counted(count, 'practice')}"
    if len(batch.practices):
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
