"""Answers: their codes, the one policy by which a text becomes an answer, and the answer table.

**The codes.** In the answer table a cell is one number and never null: a stage's points (in pooled rows a mean of
points), or one of the states below. Every state is negative and so lies below every cut: an unanswered must-have fails
without a rule of its own. Codes never leave answers and scoring; people see words.

**The policy** (`Policy`) is a table, folded text -> code. A terminal, an answers file and a table of a million rows all
look in it. What is not in it is never guessed at: the cell is UNREAD, counts as blank, and is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from partnercheck.clean import clean_value
from partnercheck.folding import fold, fold_markup
from partnercheck.problems import Place, Problem, problem
from partnercheck.rubric.model import ANSWER_WORDS, Item, Rubric
from partnercheck.rubric.tree import nearest

NA, DK, BLANK, UNREAD, SPLIT = -1, -2, -3, -4, -5
_PENDING = -9  # a text that only the full policy can read; never leaves this module

STATES = {NA: "na", DK: "dk", BLANK: "blank", UNREAD: "blank", SPLIT: "split"}
_WORDS = {NA: ANSWER_WORDS["not applicable"], DK: ANSWER_WORDS["don't know"], SPLIT: ANSWER_WORDS["we do not agree"]}
_DATE = re.compile(
    r"\d{1,2}[-/ .](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*([-/ .]\d{2,4})?|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ .]\d{1,4}"
    r"|\d{1,2}[-/]\d{1,2}([-/]\d{2,4})?|\d{4}-\d{1,2}(-\d{1,2})?([t ]\d{1,2}:\d{2}.*)?|4[0-9]{4}(\.0+)?",
    re.ASCII,
)
_HINTS = 1_000  # texts that get a hint; more are no slips of the pen
_CHAIN = 24  # longer chains are slow, and very long ones overflow an engine's stack
MARKER = "bad_cells"


@dataclass(frozen=True, slots=True)
class Answer:
    """One item's answer: its code, and what people said about it."""

    code: int = BLANK
    note: str = ""
    reason: str = ""
    evidence: str = ""

    @property
    def state(self) -> str:
        return "answered" if self.code >= 0 else STATES[self.code]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One round's answers: a team's agreed ones (`present` counts people by role) or one person's (`role`).

    `remarks` are warnings from reading them: nothing was wrong, but something may not be as its writer meant it.
    """

    practice: str = ""
    period: str | None = None
    profile: str = "full"
    present: Mapping[str, int] = field(default_factory=dict)
    respondent: str = ""
    role: str = ""
    confirmed_by_patients: str = "not_asked"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()

    @property
    def is_consensus(self) -> bool:
        return not self.role

    def codes(self, rubric: Rubric) -> dict[str, int]:
        """The row of the answer table: a code for every item of the rubric, BLANK where nothing was said."""
        return {item_id: self.answers[item_id].code if item_id in self.answers else BLANK for item_id in rubric.item_ids}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the policy made of a text: a code, and for UNREAD the message code that says why."""

    code: int
    fault: str = ""


class Policy:
    """The reading policy of one rubric. `numbers` says whether the source proves that its numbers are points."""

    def __init__(self, rubric: Rubric, *, numbers: bool = True) -> None:
        self.rubric = rubric
        self.numbers = numbers
        self._hints: dict[str, str] = {}
        self._items = {item.id: item for item in rubric.items}
        self._points = {
            spelling: stage.points for stage in rubric.stages for spelling in (str(stage.points), f"{stage.points}.0")
        }
        self._words = {fold(word): code for code, words in _WORDS.items() for word in words}
        for stage in rubric.stages:
            self._words |= {fold(stage.id): stage.points, fold(stage.name): stage.points}
        self._texts = {
            item.id: {fold(text): rubric.stage(stage_id).points for stage_id, text in item.levels.items()}
            for item in rubric.items
        }

    def read(self, item_id: str, text: str, *, consensus: bool = True) -> Reading:
        """Read one text as an answer to one item; SPLIT is an answer of a team only."""
        folded = fold(text)
        if not folded:
            return Reading(BLANK)
        code = self._find(item_id, folded)
        if code is None and ("<" in text or "&" in text):
            code = self._find(item_id, fold_markup(text), numbers=False)
        if code is None:
            return Reading(UNREAD, self._fault(folded))
        if code == NA and not self._items[item_id].not_applicable:
            return Reading(UNREAD, "A003")
        if code == SPLIT and not consensus:
            return Reading(UNREAD, "A004")
        return Reading(code)

    def plain_spellings(self, item: Item) -> dict[str, int]:
        """The commonest spellings and their codes, for reading in bulk by equality alone."""
        spellings = {stage.id: stage.points for stage in self.rubric.stages}
        if self.numbers:
            spellings |= self._points
        return spellings | {"DK": DK, "SPLIT": SPLIT, "NA": NA if item.not_applicable else UNREAD}

    def allowed(self, item_id: str) -> str:
        """What may be given as an answer to an item, in words."""
        stages = self.rubric.stages
        parts = [f"{stages[0].points} to {stages[-1].points}"] if self.numbers else []
        parts.append("a stage (" + ", ".join(stage.id for stage in stages) + ")")
        parts.append("DK (don't know)")
        if self._items[item_id].not_applicable:
            parts.append("NA (not applicable)")
        parts.append("SPLIT (a team that does not agree)")
        return ", ".join(parts)

    def _find(self, item_id: str, folded: str, *, numbers: bool = True) -> int | None:
        if folded in self._points:
            return self._points[folded] if numbers and self.numbers else None
        found = self._words.get(folded)
        return self._texts[item_id].get(folded) if found is None else found

    def _fault(self, folded: str) -> str:
        if folded in self._points:
            return "A005"
        return "A002" if _DATE.fullmatch(folded) else "A001"

    def problem(self, item_id: str, text: str, fault: str, place: Place) -> Problem:
        """The located finding for a text the policy could not read."""
        words = {"shown": clean_value(text.strip()), "item": item_id, "allowed": self.allowed(item_id)}
        return problem(fault, place, value=text, hint=self._hint(fold(text)), **words)

    def _hint(self, folded: str) -> str:
        """The nearest stage, for a slip of the pen; looked for once per text, since a table can repeat it for ever."""
        if folded not in self._hints and len(self._hints) < _HINTS:
            names = [fold(word) for stage in self.rubric.stages for word in (stage.id, stage.name)]
            self._hints[folded] = nearest(folded, names)
        return self._hints.get(folded, "")


def read_answers(frame: Any, rubric: Rubric, *, profile: str = "full") -> Any:
    """Turn a frame of texts or whole numbers into the answer table.

    `frame`: the caller's own (a row per respondent or team; a column per item id, any other column is a key). Returns
    the same kind of frame: keys kept, each item of the profile one whole number that is never null (points, or NA, DK,
    BLANK, UNREAD, SPLIT), and `bad_cells`, the number of cells that could not be read. A frame that has `bad_cells`
    already is an answer table and comes back as it is. Raises `ValueError` when an item has no column.
    """
    given: Any = nw.from_native(frame)
    names = given.collect_schema().names()
    if MARKER in names:
        _prove_table(given, rubric, _items(names, rubric, profile))
        return frame
    coded = _coded(given, Policy(rubric), _items(names, rubric, profile))
    return coded.to_native()


def problems(frame: Any, rubric: Rubric, *, profile: str = "full") -> Any:
    """The unusable cells of a frame, a row each: the keys, then `column`, `value`, `code` and `message`."""
    given: Any = nw.from_native(frame)
    schema = given.collect_schema()
    items = _items(schema.names(), rubric, profile)
    keys = [name for name in schema.names() if name not in rubric.item_ids]
    refuse_clashes(keys, ("column", "value", "code", "message"))
    policy = Policy(rubric)
    found = _bad_cells(given, {item_id: code == UNREAD for item_id, code in _codes(given, policy, items).items()}, keys)
    explained = [policy.problem(row["column"], row["value"], _why(policy, row), Place()) for row in found]
    columns: dict[str, list[Any]] = {key: [row[key] for row in found] for key in keys}
    columns["column"] = [row["column"] for row in found]
    columns["value"] = [entry.value for entry in explained]
    columns["code"] = [entry.code for entry in explained]
    columns["message"] = [entry.sentence for entry in explained]
    types = {key: dtype for key, dtype in schema.items() if key in keys}
    types |= dict.fromkeys(("column", "value", "code", "message"), nw.String())
    eager = given.head(0).collect() if isinstance(given, nw.LazyFrame) else given
    result: Any = nw.from_dict(columns, types, backend=eager.implementation)
    return (result.lazy(backend=given.implementation) if isinstance(given, nw.LazyFrame) else result).to_native()


def refuse_clashes(keys: Iterable[str], own: Iterable[str]) -> None:
    """Raise `ValueError` where a key column has the name of a column that would be added."""
    clashing = sorted(set(keys) & set(own))
    if clashing:
        raise ValueError(f"The frame has a column named {', '.join(clashing)}, as the result has. Rename or drop it first.")


def cell_problems(frame: Any, answers: Any, rubric: Rubric, *, profile: str = "full") -> list[Problem]:
    """The unusable cells of a table read from a file, as problems.

    `frame` is eager, with the keys `file`, `row` and `line`; `answers` is what `read_answers` made of it, rows in the same
    order.
    """
    given: Any = nw.from_native(frame, eager_only=True)
    coded: Any = nw.from_native(answers, eager_only=True)
    policy = Policy(rubric)
    bad = {item.id: coded[item.id] == UNREAD for item in _items(given.columns, rubric, profile)}
    found = _bad_cells(given, {item_id: mask for item_id, mask in bad.items() if mask.any()}, ["file", "row", "line"])
    told: dict[tuple[str, str], Problem] = {}  # a table can have one fault in a million cells: it is worded once
    located = []
    for row in found:
        column, value = row["column"], row["value"]
        if (column, value) not in told:
            told[column, value] = policy.problem(column, value, _why(policy, row), Place())
        located.append(told[column, value].at(Place(row["file"], row["line"], None, row["row"], column)))
    return located


def _why(policy: Policy, row: Mapping[str, Any]) -> str:
    """The message code for an unread cell. "We do not agree" is unread in one person's row only, so it is asked for that."""
    return policy.read(row["column"], row["value"], consensus=False).fault or "A001"


def _prove_table(table: Any, rubric: Rubric, items: list[Item]) -> None:
    """Refuse what only looks like an answer table. On a lazy frame the types are looked at, and no row is read."""
    schema = table.collect_schema()
    wrong = [item.id for item in items if not schema[item.id].is_numeric()]
    if isinstance(table, nw.DataFrame):
        wrong += [item.id for item in items if item.id not in wrong and not _holds_codes(table[item.id], rubric)]
    if wrong:
        raise ValueError(
            f"The frame has a column '{MARKER}', which marks an answer table, but no answer codes in: {', '.join(wrong)}. "
            f"Rename or drop '{MARKER}' to have texts or whole numbers read."
        )


def _holds_codes(cells: Any, rubric: Rubric) -> bool:
    """Whether each cell is points (or a mean of points) or a state; none is missing."""
    known = (cells >= rubric.p_min) & (cells <= rubric.p_max)
    for state in STATES:
        known = known | (cells == state)
    return not cells.is_null().any() and bool(known.all())


def _items(names: Iterable[str], rubric: Rubric, profile: str) -> list[Item]:
    present = set(names)
    if profile != "full" and profile not in rubric.profiles:
        raise ValueError(f"The rubric has no profile '{profile}'. It has: {', '.join(['full', *rubric.profiles])}.")
    wanted = rubric.profile_items(profile)
    missing = [item_id for item_id in wanted if item_id not in present]
    if missing:
        raise ValueError(f"The frame has no column for: {', '.join(missing)}. A column per item id is needed.")
    return [rubric.item(item_id) for item_id in wanted]


def _coded(given: Any, policy: Policy, items: list[Item]) -> Any:
    """The answer table of a narwhals frame: the keys, the codes, and how many cells of a row could not be read."""
    keys = [name for name in given.collect_schema().names() if name not in policy.rubric.item_ids]
    codes = _codes(given, policy, items)
    table = given.select(*(nw.col(key) for key in keys), *(code.alias(item_id) for item_id, code in codes.items()))
    bad: Any = nw.lit(0)
    for item_id in codes:
        bad = bad + nw.when(nw.col(item_id) == UNREAD).then(nw.lit(1)).otherwise(0)
    return table.with_columns(bad.cast(nw.Int32).alias(MARKER))


def _codes(given: Any, policy: Policy, items: list[Item]) -> dict[str, Any]:
    """Per item the expression of its code. Plain spellings by equality; for the rest the policy is asked once per text."""
    schema = given.collect_schema()
    pending = given.select(*(_plain_code(policy, item, schema[item.id]) for item in items))
    unread = _pending_texts(given, pending, [item for item in items if not schema[item.id].is_numeric()])
    may_split = _may_split([name for name in schema.names() if name not in policy.rubric.item_ids])
    codes = {}
    for item in items:
        readings = ((text, policy.read(item.id, text).code) for text in unread.get(item.id, ()))
        readable = {text: code for text, code in readings if code != UNREAD}
        rest = _by_table(_text(item.id, schema[item.id]), readable)
        plain: Any = _plain_code(policy, item, schema[item.id])
        code = nw.when(plain == _PENDING).then(rest).otherwise(plain)
        if may_split is not None:
            code = nw.when((code == SPLIT) & ~may_split).then(nw.lit(UNREAD)).otherwise(code)
        codes[item.id] = code.cast(nw.Int8)
    return codes


def _by_table(text: Any, readable: Mapping[str, int]) -> Any:
    """The codes of texts: a chain of comparisons where they are few, which is the faster; a look-up where they are many."""
    if len(readable) > _CHAIN:
        return text.replace_strict(list(readable), list(readable.values()), default=UNREAD, return_dtype=nw.Int64)
    code: Any = nw.lit(UNREAD)
    for spelling, meaning in readable.items():
        code = nw.when(text == spelling).then(nw.lit(meaning)).otherwise(code)
    return code


def _text(name: str, dtype: Any) -> Any:
    return nw.col(name) if dtype == nw.String else nw.col(name).cast(nw.String)


def _plain_code(policy: Policy, item: Item, dtype: Any) -> Any:
    """A column of codes from a column of texts or numbers, by equality; _PENDING where the policy must be asked."""
    column = nw.col(item.id)
    if dtype.is_numeric():
        code: Any = nw.lit(UNREAD)
        for stage in policy.rubric.stages:
            code = nw.when(column == stage.points).then(nw.lit(stage.points)).otherwise(code)
        empty = column.is_null() | column.is_nan() if dtype.is_float() else column.is_null()
    elif dtype == nw.Boolean or dtype.is_temporal():
        code, empty = nw.lit(UNREAD), column.is_null()
    else:
        text = _text(item.id, dtype)
        code = nw.lit(_PENDING)
        for spelling, meaning in policy.plain_spellings(item).items():
            code = nw.when(text == spelling).then(nw.lit(meaning)).otherwise(code)
        empty = column.is_null() | (text == "")
    return nw.when(empty).then(nw.lit(BLANK)).otherwise(code).alias(item.id)


def _pending_texts(given: Any, pending: Any, items: list[Item]) -> dict[str, list[str]]:
    """Per item the distinct texts that no plain spelling covers."""
    if not items:
        return {}
    counts = pending.select(*((nw.col(item.id) == _PENDING).any().alias(item.id) for item in items))
    counts = counts.collect() if isinstance(counts, nw.LazyFrame) else counts
    texts: dict[str, list[str]] = {}
    schema = given.collect_schema()
    for item in items:
        if counts[item.id][0]:
            text = _text(item.id, schema[item.id])
            distinct = given.select(text.alias(item.id)).filter(~nw.col(item.id).is_null()).unique()
            distinct = distinct.collect() if isinstance(distinct, nw.LazyFrame) else distinct
            texts[item.id] = sorted(str(value) for value in distinct[item.id].to_list())
    return texts


def _may_split(keys: list[str]) -> Any:
    """Which rows are a team's agreed answers; None where the frame does not say, and all may be."""
    if "kind" in keys:
        return nw.col("kind") == "consensus"
    if "role" in keys:
        role = nw.col("role").cast(nw.String)
        folded = nw.when(role.is_null()).then(nw.lit("")).otherwise(role).str.strip_chars().str.to_lowercase()
        return (folded == "consensus") | (folded == "consensus.")
    return None


def _bad_cells(given: Any, is_bad: Mapping[str, Any], keys: list[str]) -> list[dict[str, Any]]:
    """The cells that `is_bad` (an expression or a mask per item) points at, as rows of the keys, `column` and `value`."""
    schema = given.collect_schema()
    found: list[dict[str, Any]] = []
    for item_id, condition in is_bad.items():
        value = _text(item_id, schema[item_id]).alias("value")
        rows = given.filter(condition).select(*(nw.col(key) for key in keys), value)
        rows = rows.collect() if isinstance(rows, nw.LazyFrame) else rows
        found.extend({**row, "column": item_id, "value": str(row["value"])} for row in rows.rows(named=True))
    return found
