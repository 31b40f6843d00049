"""What if an answer were different? Tables of near-by rows, scored by the one scorer in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from partnercheck.answers import NA
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.score import answer_table, score_rows, with_steps


@dataclass(frozen=True, slots=True)
class Possible:
    """Where an incomplete row could be placed (stage ids), whatever the open items turn out to be."""

    low: str
    high: str
    open_items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The row with one item a stage different, and where that would place it."""

    item: str
    points: float
    placed: str
    result: Mapping[str, Any]


def reach(answers: Any, rubric: Rubric) -> tuple[Any, Any]:
    """A narwhals answer table scored twice more: every open item at the lowest, then at the highest stage.

    Open is what has no stage and could have one: don't know, not agreed, missing. Returns both tables with the columns of
    every step, rows in the same order; what is placed in them are the ends between which the row lies.
    """

    def filled(points: int) -> Any:
        def settled(item_id: str) -> Any:
            is_open = (nw.col(item_id) < 0) & (nw.col(item_id) != NA)
            return nw.when(is_open).then(nw.lit(points)).otherwise(nw.col(item_id)).alias(item_id)

        return with_steps(answers.with_columns(*(settled(item_id) for item_id in rubric.item_ids)), rubric)

    return filled(rubric.p_min), filled(rubric.p_max)


def possible(codes: Mapping[str, float], rubric: Rubric) -> Possible | None:
    """Both ends of where one row of codes may be placed; None when even then no domain applies."""
    low, high = (end.rows(named=True)[0]["placed"] for end in reach(answer_table([codes], rubric), rubric))
    return Possible(low, high, open_items(codes, rubric)) if low is not None and high is not None else None


def settlings(codes: Mapping[str, float], rubric: Rubric) -> list[Neighbour]:
    """Every row in which one open item has found its stage, the lowest or the highest, scored; in rubric order."""
    return _scored(
        [(item_id, points) for item_id in open_items(codes, rubric) for points in (rubric.p_min, rubric.p_max)], codes, rubric
    )


def open_items(codes: Mapping[str, float], rubric: Rubric) -> tuple[str, ...]:
    """The items that have no stage yet and could have one: don't know, not agreed, missing. In rubric order."""
    return tuple(item_id for item_id in rubric.item_ids if codes[item_id] < 0 and codes[item_id] != NA)


def neighbours(codes: Mapping[str, float], rubric: Rubric) -> list[Neighbour]:
    """Every row that differs in one answered item by one stage, scored; in rubric order, lower before higher."""
    changes = [
        (item_id, codes[item_id] + step)
        for item_id in rubric.item_ids
        if codes[item_id] >= 0
        for step in (-1, 1)
        if rubric.p_min <= codes[item_id] + step <= rubric.p_max
    ]
    return _scored(changes, codes, rubric)


def _scored(changes: Sequence[tuple[str, float]], codes: Mapping[str, float], rubric: Rubric) -> list[Neighbour]:
    if not changes:
        return []
    results = score_rows([{**codes, item_id: points} for item_id, points in changes], rubric)
    return [
        Neighbour(item_id, points, result["placed"], result)
        for (item_id, points), result in zip(changes, results, strict=True)
        if result["placed"] is not None
    ]
