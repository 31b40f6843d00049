"""How sure a placement is. A team's agreed answers have no sampling error, so they get no interval: they are moved.

Each answered item is raised and lowered by one stage, one at a time, and the row scored again with all its must-haves
(docs/scoring.md, section 6). Where a placement changes, the team is on a boundary, and the items that would move it are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partnercheck.rubric.model import Rubric
from partnercheck.scoring.whatif import Neighbour, neighbours, settlings


@dataclass(frozen=True, slots=True)
class Certainty:
    """The stages (ids, lowest first) that one answer a stage different could lead to, and the items that do it.

    `open_stages` and `open_items` say the same of answers that are still open: where finding out one of them could lead.
    """

    stages: tuple[str, ...]
    items: tuple[str, ...]
    open_stages: tuple[str, ...] = ()
    open_items: tuple[str, ...] = ()

    @property
    def is_on_boundary(self) -> bool:
        return len(self.stages) > 1


def consensus_certainty(codes: Mapping[str, float], placed: str, rubric: Rubric) -> Certainty:
    """How sure the placement `placed` of one agreed row of codes is."""

    def elsewhere(rows: list[Neighbour]) -> tuple[set[str], tuple[str, ...]]:
        moving = [near for near in rows if near.placed != placed]
        return {near.placed for near in moving}, tuple(dict.fromkeys(near.item for near in moving))

    def in_order(stages: set[str]) -> tuple[str, ...]:
        return tuple(stage.id for stage in rubric.stages if stage.id in stages)

    moved, items = elsewhere(neighbours(codes, rubric))
    settled, open_items = elsewhere(settlings(codes, rubric))
    return Certainty(in_order({placed, *moved}), items, in_order(settled), open_items)
