"""Strengths, next steps, resources, cautions and certainty: the rules by which a result becomes something to do."""

from __future__ import annotations

from typing import Any

import pytest

from partnercheck.answers import BLANK, DK, NA, SPLIT
from partnercheck.measures.certainty import Certainty, consensus_certainty
from partnercheck.measures.guidance import (
    MOST_STEPS,
    Strengths,
    cautions,
    next_steps,
    open_items,
    present_stage,
    resources_for,
    strengths,
)
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.score import score_rows
from rubrics import SMALL, edited, loaded

RUBRIC = loaded()
# Areas: means (staff_time, paying), team (who_speaks weight 2, who_learns, how_often), choices (who_decides, who_designs; a journey area).
# Must-haves: who_decides and who_learns for Partnership, who_designs for Co-design partnership.


def row(rubric: Rubric = RUBRIC, everywhere: int = 3, **answers: int) -> dict[str, Any]:
    return score_rows([dict.fromkeys(rubric.item_ids, everywhere) | answers], rubric)[0]


def steps_of(found: dict[str, Any], rubric: Rubric = RUBRIC) -> list[str]:
    return [step.item.id for step in next_steps(found, rubric)]


class TestStrengths:
    def test_the_highest_above_the_overall_in_rubric_order(self) -> None:
        found = strengths(row(who_speaks=4, paying=4, staff_time=2), RUBRIC)
        assert found == Strengths(("paying", "who_speaks"), 0)

    def test_three_at_most_and_the_others_at_that_level_counted(self) -> None:
        found = strengths(row(everywhere=4, staff_time=1, paying=1), RUBRIC)
        assert found == Strengths(("who_speaks", "who_learns", "how_often"), 2)

    def test_none_stands_out_when_all_are_equal(self) -> None:
        assert strengths(row(), RUBRIC) == Strengths()

    def test_none_without_an_overall_score(self) -> None:
        assert strengths(row(staff_time=DK, paying=DK), RUBRIC) is None

    def test_nothing_below_the_placed_stage(self) -> None:
        found = row(everywhere=2, staff_time=3, paying=3, who_speaks=3, who_learns=3, how_often=3)
        assert found["overall"] == pytest.approx(8 / 3)
        assert found["placed"] == "involvement"
        strong = strengths(found, RUBRIC)
        assert strong is not None
        assert strong.items == ("staff_time", "paying", "who_speaks")
        assert strong.others == 2


class TestNextSteps:
    def test_what_holds_back_then_the_journey_then_elsewhere(self) -> None:
        found = row(who_decides=1, staff_time=2, how_often=4)
        assert found["held_back_by"] == "who_decides"
        assert steps_of(found) == ["who_decides", "who_designs", "staff_time"]

    def test_two_that_hold_back_at_most(self) -> None:
        found = row(everywhere=4, who_decides=2, who_learns=1, who_designs=3)
        assert found["held_back_by"] == "who_learns who_decides"
        assert steps_of(found) == ["who_learns", "who_decides", "who_designs"]
        assert len(steps_of(found)) <= MOST_STEPS

    def test_without_anything_holding_back_there_are_two(self) -> None:
        assert steps_of(row(who_designs=2, how_often=2)) == ["who_designs", "how_often"]

    def test_nothing_at_the_top_stage(self) -> None:
        assert steps_of(row(everywhere=4)) == []
        assert steps_of(row(everywhere=4, staff_time=3)) == ["staff_time"]

    def test_ties_go_to_must_haves_then_weight_then_order(self) -> None:
        assert steps_of(row()) == ["who_decides", "who_learns"], "both must-haves; who_decides stands first of two"
        assert steps_of(row(who_learns=4)) == ["who_decides", "who_speaks"], "weight 2 before rubric order"

    def test_an_area_that_holds_back_stands_for_its_lowest_question(self) -> None:
        found = row(everywhere=4, who_speaks=1, who_learns=2, how_often=0)
        assert found["held_back_by"] == "domain:team"
        first = next_steps(found, RUBRIC)[0]
        assert (first.item.id, first.domain_holding) == ("how_often", "team")
        assert first.gate_stage is None

    def test_an_unanswered_must_have_is_to_be_found_out_first(self) -> None:
        found = row(who_learns=DK)
        assert found["held_back_by"] == "who_learns"
        first = next_steps(found, RUBRIC)[0]
        assert (first.item.id, first.now, first.next, first.resources) == ("who_learns", None, None, ())
        assert first.gate_stage == RUBRIC.stage("partnership")

    def test_where_you_are_what_is_next_and_how_far(self) -> None:
        first = next_steps(row(who_decides=1), RUBRIC)[0]
        assert (first.now, first.next) == (RUBRIC.stage("consultation"), RUBRIC.stage("involvement"))
        assert (first.gate_stage, first.gate_steps) == (RUBRIC.stage("partnership"), 2)

    def test_a_must_have_further_up_is_not_news_yet(self) -> None:
        step = next(step for step in next_steps(row(who_designs=2), RUBRIC) if step.item.id == "who_designs")
        assert (step.gate_stage, step.gate_steps) == (None, 0)

    def test_an_incomplete_row_still_has_next_steps(self) -> None:
        assert steps_of(row(staff_time=DK, paying=DK, who_designs=1)) == ["who_designs", "who_learns"]

    def test_no_answer_no_step(self) -> None:
        assert steps_of(row(everywhere=BLANK)) == []


CATALOGUE = """resources:
  - {id: own-high, title: T, publisher: P, url: "https://example.org/1", stages: [codesign]}
  - {id: own-late, title: T, publisher: P, url: "https://example.org/2", stages: [partnership, involvement]}
  - {id: own-first, title: T, publisher: P, url: "https://example.org/3", stages: [partnership]}
  - {id: two-topics, title: T, publisher: P, url: "https://example.org/4", topics: [means, money, other], stages: [partnership]}
  - {id: one-wide, title: T, publisher: P, url: "https://example.org/5", topics: [means, other], stages: [partnership]}
  - {id: one-narrow, title: T, publisher: P, url: "https://example.org/6", topics: [means], stages: [partnership]}
  - {id: teams, title: T, publisher: P, url: "https://example.org/7", topics: [teamwork, means], stages: [consultation, involvement, partnership, codesign]}
"""


class TestResources:
    RUBRIC = loaded(
        edited(SMALL[SMALL.index("resources:\n  - id: guide-one") : SMALL.index("references:")], CATALOGUE).replace(
            "resources: [guide-one]\n        topics: [means]",
            "resources: [own-high, own-first, own-late]\n        topics: [means, money]",
        )
    )

    def those(self, stage: str, used: tuple[str, ...] = ()) -> list[str]:
        item = self.RUBRIC.item("staff_time")
        return [resource.id for resource in resources_for(item, self.RUBRIC.stage(stage), self.RUBRIC, used)]

    def test_the_item_s_own_first_in_their_order_two_at_most(self) -> None:
        assert self.those("partnership") == ["own-first", "own-late"]

    def test_only_those_for_the_next_stage(self) -> None:
        assert self.those("codesign") == ["own-high", "teams"]

    def test_then_by_shared_topics_more_shared_first_fewer_own_topics_next(self) -> None:
        used = ("own-first", "own-late")
        assert self.those("partnership", used) == ["two-topics", "one-narrow"]
        assert self.those("partnership", (*used, "two-topics", "one-narrow")) == ["one-wide", "teams"], "catalogue order last"

    def test_none_twice_in_a_report(self) -> None:
        found = [resource.id for step in next_steps(row(self.RUBRIC, everywhere=2), self.RUBRIC) for resource in step.resources]
        assert len(found) == len(set(found))


class TestCautions:
    def test_said_at_or_above_the_stage_it_is_meant_for(self) -> None:
        assert [caution.say for caution in cautions(row(paying=1, staff_time=4), RUBRIC)] == ["Patients work unpaid."]
        assert cautions(row(everywhere=2, paying=1), RUBRIC) == []

    def test_an_area_below_a_stage_is_a_reason_too(self) -> None:
        found = row(everywhere=4, paying=NA, staff_time=0)
        assert found["means"] == 0.0, "one question applies, and it is answered"
        assert [caution.say for caution in cautions(found, RUBRIC)] == ["Patients work unpaid."]
        assert cautions(row(everywhere=4, paying=NA, staff_time=1), RUBRIC) == []

    def test_no_claim_about_what_is_not_known(self) -> None:
        assert cautions(row(paying=NA), RUBRIC) == []
        assert cautions(row(staff_time=DK, paying=DK), RUBRIC) == []


class TestCertainty:
    def certain(self, **answers: int) -> Certainty:
        found = row(**answers)
        codes = {item_id: found[item_id] for item_id in RUBRIC.item_ids}
        return consensus_certainty(codes, found["placed"], RUBRIC)

    def test_firmly_inside_a_stage(self) -> None:
        found = self.certain(everywhere=1)
        assert found == Certainty(("consultation",), ())
        assert not found.is_on_boundary

    def test_one_answer_lower_would_move_it(self) -> None:
        found = self.certain()
        assert found.stages == ("involvement", "partnership")
        assert found.items == ("who_decides",), "who_learns needs involvement only, and stays above it"

    def test_one_answer_higher_would_move_it(self) -> None:
        found = self.certain(who_decides=2)
        assert found == Certainty(("involvement", "partnership"), ("who_decides",))


def test_the_stage_of_an_item_is_the_band_of_its_score() -> None:
    assert [present_stage(points, RUBRIC).points for points in (0, 0.49, 0.5, 2.49, 2.5, 4)] == [0, 0, 1, 2, 3, 4]


def test_open_items_by_what_was_said() -> None:
    found = open_items(row(staff_time=SPLIT, paying=NA, who_speaks=DK, who_learns=BLANK), RUBRIC.item_ids)
    assert (found.split, found.not_applicable, found.find_out, found.missing) == (
        ("staff_time",),
        ("paying",),
        ("who_speaks",),
        ("who_learns",),
    )
