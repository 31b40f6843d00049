"""From a scored row to what a team can do with it: strengths, next steps with resources, cautions, things to talk about.

The rules are those of docs/scoring.md, section 3. Nothing here is a number of its own: rows come from the scorer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from partnercheck.answers import BLANK, DK, NA, SPLIT, UNREAD
from partnercheck.rubric.model import Caution, Item, Resource, Rubric, Stage

MOST_STEPS, MOST_HOLDING, MOST_STRENGTHS, MOST_RESOURCES = 3, 2, 3, 2
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Strengths:
    """The items that stand out, at most 3; `others` more share the last one's score. Both empty: none stands out."""

    items: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to work on. `now` None: find out first. `gate_steps` is how many stages away its must-have opens."""

    item: Item
    now: Stage | None
    next: Stage | None
    gate_stage: Stage | None
    gate_steps: int
    domain_holding: str
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class OpenItems:
    """The items without a stage, by what was said (ids, rubric order)."""

    split: tuple[str, ...]
    find_out: tuple[str, ...]
    missing: tuple[str, ...]
    not_applicable: tuple[str, ...]


def present_stage(points: float, rubric: Rubric) -> Stage:
    """The stage an item is at: the band of its score."""
    reached = [stage for stage in rubric.stages if points >= rubric.cut(stage)]
    return reached[-1] if reached else rubric.stages[0]


def open_items(row: Row, asked: Iterable[str]) -> OpenItems:
    """The items of `asked` that have no stage, by what was said."""

    def those(*codes: int) -> tuple[str, ...]:
        return tuple(item_id for item_id in asked if row[item_id] in codes)

    return OpenItems(those(SPLIT), those(DK), those(BLANK, UNREAD), those(NA))


def strengths(row: Row, rubric: Rubric) -> Strengths | None:
    """The highest items above the overall score and at or above the placed stage; None without an overall score."""
    if row["overall"] is None:
        return None
    floor = rubric.stage(row["placed"]).points
    answered = [item_id for item_id in rubric.item_ids if row[item_id] >= 0]
    standing_out = [item_id for item_id in answered if row[item_id] > row["overall"] and row[item_id] >= floor]
    ranked = sorted(standing_out, key=lambda item_id: -row[item_id])  # a stable sort keeps rubric order among equals
    chosen, rest = ranked[:MOST_STRENGTHS], ranked[MOST_STRENGTHS:]
    return Strengths(tuple(chosen), sum(row[item_id] == row[chosen[-1]] for item_id in rest) if chosen else 0)


def cautions(row: Row, rubric: Rubric) -> list[Caution]:
    """The warnings that stand beside this placement. An item without an answer says nothing either way."""
    if row["placed"] is None:
        return []

    def holds(item: str, domain: str, below: str) -> bool:
        if item:
            return bool(0 <= row[item] < rubric.cut(below))
        return bool(row[domain] is not None and row[domain] < rubric.cut(below))

    placed = rubric.stage(row["placed"]).points
    return [
        caution
        for caution in rubric.cautions
        if placed >= rubric.stage(caution.placed_at_least).points
        and any(holds(test.item, test.domain, test.below) for test in caution.when_any)
    ]


def next_steps(row: Row, rubric: Rubric) -> list[NextStep]:
    """At most three: what holds the placement back (two at most), the lowest journey item, the lowest elsewhere."""
    chosen: dict[str, str] = {}  # item id -> the domain it stands for, if it holds the placement back as a whole
    for held in (row["held_back_by"] or "").split():
        domain_id = held.removeprefix("domain:") if held.startswith("domain:") else ""
        own = [item.id for item in rubric.domain(domain_id).items] if domain_id else [held]
        item_id = _lowest(row, rubric, [item for item in own if item not in chosen]) if domain_id else held
        if item_id and item_id not in chosen and len(chosen) < MOST_HOLDING:
            chosen[item_id] = domain_id
    journey = {item.id for domain in rubric.domains if domain.journey for item in domain.items}
    for group in ([i for i in rubric.item_ids if i in journey], [i for i in rubric.item_ids if i not in journey]):
        lowest = _lowest(row, rubric, [item_id for item_id in group if item_id not in chosen])
        if lowest and len(chosen) < MOST_STEPS:
            chosen[lowest] = ""
    used: set[str] = set()
    return [_step(row, rubric, item_id, domain_id, used) for item_id, domain_id in chosen.items()]


def _lowest(row: Row, rubric: Rubric, item_ids: Iterable[str]) -> str | None:
    """The lowest answered item below the top stage; ties: must-haves, then larger weight, then rubric order."""
    below_top = [i for i in item_ids if row[i] >= 0 and present_stage(row[i], rubric).points < rubric.p_max]
    gates = set(rubric.gate_items)
    return min(below_top, key=lambda i: (row[i], i not in gates, -rubric.item(i).weight), default=None)


def _step(row: Row, rubric: Rubric, item_id: str, domain_id: str, used: set[str]) -> NextStep:
    item = rubric.item(item_id)
    now = present_stage(row[item_id], rubric) if row[item_id] >= 0 else None
    upward = rubric.stage_at(now.points + 1) if now else None
    gate = _gate_holding(row, rubric, item_id)
    gate_steps = rubric.stage(gate[1]).points - now.points if gate and now else 0
    found = resources_for(item, upward, rubric, used) if upward else ()
    used.update(resource.id for resource in found)
    return NextStep(item, now, upward, rubric.stage(gate[0]) if gate else None, gate_steps, domain_id, found)


def _gate_holding(row: Row, rubric: Rubric, item_id: str) -> tuple[str, str] | None:
    """The gate by which an item holds the placement back: the stage that has it and the stage the item must reach.

    A must-have of a stage further up is no news yet: people are shown the next stage only.
    """
    if item_id not in (row["held_back_by"] or "").split():
        return None
    failing = [gate for gate in rubric.gates if gate.item == item_id and not rubric.passes(gate, row[item_id])]
    return (failing[0].stage, failing[0].required) if failing else None


def resources_for(item: Item, upward: Stage, rubric: Rubric, used: Iterable[str] = ()) -> tuple[Resource, ...]:
    """At most two resources for the step up to `upward`: the item's own in order, then by shared topics."""
    taken = set(used)
    fitting = [resource for resource in rubric.resources if upward.id in resource.stages and resource.id not in taken]
    own = sorted((r for r in fitting if r.id in item.resources), key=lambda r: item.resources.index(r.id))
    topics = set(item.topics)
    shared = [r for r in fitting if r.id not in item.resources and topics & set(r.topics)]
    shared.sort(key=lambda r: (-len(topics & set(r.topics)), len(r.topics)))
    return tuple([*own, *shared][:MOST_RESOURCES])
