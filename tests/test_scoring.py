"""The scorer against published check values, against exact fractions, and against its own words."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnercheck.answers import BLANK, DK, NA, SPLIT, UNREAD, read_answers
from partnercheck.rubric.model import Rubric
from partnercheck.scoring.score import needed, result_columns, score, score_rows, steps, whole_weights, with_steps
from partnercheck.scoring.whatif import neighbours, possible, reach, settlings
from reference import reference, rubric_of, tidy

ORACLES = Path(__file__).parent / "oracles"
CONSENSUS = json.loads((ORACLES / "consensus_cases.json").read_text())["cases"]
STAGES = [
    {"id": name, "points": points}
    for points, name in enumerate(("not_yet", "consultation", "involvement", "partnership", "codesign"))
]


def short(
    gates: Mapping[int, Mapping[str, str]] | None = None, *, domains: Mapping[str, int] | None = None, **scoring: Any
) -> Rubric:
    """A rubric of five stages: `domains` name -> number of items (`a1`, `a2`, …), `gates` points -> requires."""
    stages = [{**stage, "requires": (gates or {}).get(int(str(stage["points"])), {})} for stage in STAGES]
    areas = [
        {"id": name, "items": [{"id": f"{name}{n + 1}"} for n in range(count)]}
        for name, count in (domains or {"a": 3, "b": 3}).items()
    ]
    return rubric_of({"stages": stages, "domains": areas, "scoring": scoring})


def row_of(rubric: Rubric, **answers: int) -> dict[str, int]:
    """Every item at 3 but those named."""
    return {item_id: answers.get(item_id, 3) for item_id in rubric.item_ids}


def scored(rubric: Rubric, **answers: int) -> dict[str, Any]:
    return score_rows([row_of(rubric, **answers)], rubric)[0]


def agrees(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    for name, value in expected["domains"].items():
        assert found[name] == (None if value is None else pytest.approx(float(value), abs=1.5e-9)), name
    assert found["overall"] == (None if expected["overall"] is None else pytest.approx(float(expected["overall"]), abs=1.5e-9))
    assert found["proposed"] == expected["proposed"]
    assert found["placed"] == expected["placed"]
    held = found["held_back_by"]
    assert (None if held is None else held.split()) == expected["held_back_by"]


@pytest.mark.parametrize("case", CONSENSUS, ids=range(len(CONSENSUS)))
def test_agrees_with_the_open_consensus_cases(case: dict[str, Any]) -> None:
    rubric = rubric_of(case["rubric"])
    frame = pl.DataFrame(
        {item_id: [""] for item_id in rubric.item_ids} | {tidy(key): [value] for key, value in case["answers"].items()}
    )
    expected = case["expected"]
    found = score(frame, rubric).row(0, named=True)
    fractions = {tidy(name): None if entry is None else entry["value"] for name, entry in expected["domains"].items()}
    overall = None if expected["overall"] is None else expected["overall"]["value"]
    held = (
        None
        if expected["held_back_by"] is None
        else [name if ":" not in name else tidy(name) for name in expected["held_back_by"]]
    )
    agrees(
        found,
        {
            "domains": fractions,
            "overall": overall,
            "proposed": expected["proposed"],
            "placed": expected["placed"],
            "held_back_by": held,
        },
    )


def shorthand(case: dict[str, Any]) -> tuple[Rubric, dict[str, int]]:
    """The worked check values write stages as a count from 1 and a gate as `essential_for`."""
    given_ = case["input"]["rubric"]
    stages: list[dict[str, Any]] = [
        {"id": f"s{points}", "points": points, "requires": {}} for points in range(1, given_["stages"] + 1)
    ]
    domains = []
    for domain in given_["domains"]:
        items = []
        for item in domain["items"]:
            if "essential_for" in item:
                stages[item["essential_for"] - 1]["requires"][item["id"]] = f"s{item['essential_for']}"
            items.append({"id": item["id"], "weight": item.get("weight", 1), "not_applicable": item.get("na_allowed", False)})
        domains.append({"id": domain["id"], "items": items})
    rubric = rubric_of({"stages": stages, "domains": domains})
    words = {"NA": NA, "DK": DK}
    answers = {tidy(item): words.get(value, value) for item, value in case["input"]["row"]["answers"].items()}
    return rubric, {item_id: answers.get(item_id, BLANK) for item_id in rubric.item_ids}


def test_the_worked_example() -> None:
    case = json.loads((ORACLES / "scoring_consensus_worked.json").read_text())
    rubric, codes = shorthand(case)
    found = score_rows([codes], rubric)[0]
    for name, entry in case["expected"]["domains"].items():
        assert found[tidy(name)] == pytest.approx(float(Fraction(entry["score"]["fraction"])), abs=1e-9)
        assert found[f"{tidy(name)}__placed"] == f"s{entry['placed']}"
        assert found[f"{tidy(name)}__band"] == entry["proposed"]
    overall = case["expected"]["overall"]
    assert found["overall"] == pytest.approx(float(Fraction(overall["score"]["fraction"])), abs=1e-9)
    assert found["index"] == 51
    assert (found["proposed"], found["placed"], found["held_back_by"]) == ("s3", "s2", "a2")
    mended = score_rows([codes | {"a2": 3}], rubric)[0]
    assert mended["a"] == 3.0
    assert mended["overall"] == pytest.approx(47 / 18, abs=1e-9)
    assert (mended["placed"], mended["held_back_by"]) == ("s3", "")


def test_a_score_exactly_on_a_cut_goes_up_where_floats_would_fall_below() -> None:
    case = json.loads((ORACLES / "scoring_float_boundary.json").read_text())
    rubric, codes = shorthand(case)
    found = score_rows([codes], rubric)[0]
    assert found["overall"] == 2.5
    assert found["index"] == 50
    assert (found["proposed"], found["placed"], found["held_back_by"]) == ("s3", "s3", "")


# Odd weights seldom put a score on a cut, so two rubrics in three have none; the last ones have a large common denominator.
WEIGHTS = ("1", "1", "2", "0.5", "0.1", "2/3", "3", "1/7", "11/13", "996/997", "982/983")


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """Small rubrics of every kind: 3 to 6 stages from 0 or 1, weights, gates at several stages, some floor domains."""
    start = draw(st.integers(0, 1))
    stages: list[dict[str, Any]] = [{"id": f"s{n}", "points": start + n, "requires": {}} for n in range(draw(st.integers(3, 6)))]
    weights = draw(st.sampled_from([("1",), ("1",), WEIGHTS]))
    domains: list[dict[str, Any]] = []
    for name in "abcd"[: draw(st.integers(1, 4))]:
        items = [
            {"id": f"{name}{n}", "weight": draw(st.sampled_from(weights)), "not_applicable": draw(st.booleans())}
            for n in range(draw(st.integers(1, 5)))
        ]
        domains.append({"id": name, "weight": draw(st.sampled_from(weights)), "items": items})
    required = [item["id"] for domain in domains for item in domain["items"] if not item["not_applicable"]]
    for stage in stages[1:]:
        for item in draw(st.lists(st.sampled_from(required), max_size=2, unique=True)) if required else []:
            stage["requires"][item] = draw(st.sampled_from(stages))["id"]
    floors = draw(st.lists(st.sampled_from([domain["id"] for domain in domains]), unique=True))
    share = draw(st.sampled_from(["2/3", "1/2", "1", "0.75"]))
    lag = draw(st.integers(0, 2))
    return rubric_of(
        {
            "stages": stages,
            "domains": domains,
            "scoring": {"floor_domains": floors, "domain_min_share": share, "max_domain_lag": lag},
        }
    )


def rows_for(rubric: Rubric, seed: int, count: int) -> list[dict[str, int]]:
    """Rows of answers in every state; for every second row one is looked for that lies exactly on a cut."""
    chance = random.Random(seed)
    points = [stage.points for stage in rubric.stages]

    def one(states: float) -> dict[str, int]:
        centre = chance.choice(points)
        near = [point for point in points if abs(point - centre) <= 1]
        return {
            item.id: chance.choice([DK, BLANK, SPLIT, UNREAD, *([NA, NA] if item.not_applicable else [])])
            if chance.random() < states
            else chance.choice(near)
            for item in rubric.items
        }

    rows = []
    for number in range(count):
        row = one(0.12)
        if number % 2:
            for _ in range(25):
                overall = reference(row, rubric)["overall"]
                if overall is not None and (overall - Fraction(1, 2)).denominator == 1:
                    break
                row = one(0.05)
        rows.append(row)
    return rows


ON_A_CUT = {"cases": 0, "on a cut": 0, "placed": 0, "held": 0}


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rubric=rubrics(), seed=st.integers(0, 2**32))
def _exactly_as_fractions(rubric: Rubric, seed: int) -> None:
    rows = rows_for(rubric, seed, 100)
    for row, found in zip(rows, score_rows(rows, rubric), strict=True):
        expected = reference(row, rubric)
        agrees(found, expected)
        ON_A_CUT["cases"] += 1
        ON_A_CUT["placed"] += expected["placed"] is not None
        ON_A_CUT["held"] += bool(expected["held_back_by"])
        if expected["overall"] is not None:
            ON_A_CUT["on a cut"] += (expected["overall"] - Fraction(1, 2)).denominator == 1


def test_ten_thousand_cases_agree_with_exact_fractions_many_of_them_on_a_cut() -> None:
    ON_A_CUT.update(dict.fromkeys(ON_A_CUT, 0))
    _exactly_as_fractions()
    assert ON_A_CUT["cases"] >= 10_000
    assert ON_A_CUT["on a cut"] >= 1_500
    assert ON_A_CUT["placed"] >= 5_000
    assert ON_A_CUT["held"] >= 500


class TestCoverage:
    @pytest.mark.parametrize(("applicable", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (0, 0)])
    def test_how_many_answers_an_area_needs(self, applicable: int, least: int) -> None:
        assert needed(applicable, short()) == least

    def test_one_answer_short_leaves_no_score_and_no_placement(self) -> None:
        found = scored(short(), a1=DK, a2=BLANK)
        assert found["a"] is None
        assert found["b"] == 3.0
        assert (found["overall"], found["proposed"], found["placed"], found["held_back_by"]) == (None, None, None, None)
        assert found["status"] == "incomplete"

    def test_an_area_of_one_question_needs_its_answer(self) -> None:
        rubric = short(domains={"a": 1, "b": 2})
        found = score_rows([{"a1": DK, "b1": 3, "b2": 3}], rubric)[0]
        assert (found["a"], found["status"]) == (None, "incomplete")

    def test_not_applicable_leaves_the_count_and_the_mean(self) -> None:
        rubric = rubric_of(
            {
                "stages": STAGES,
                "domains": [
                    {"id": "a", "items": [{"id": f"a{n}", "not_applicable": True} for n in range(3)]},
                    {"id": "b", "items": [{"id": "b1"}, {"id": "b2"}]},
                ],
            }
        )
        found = score_rows([{"a0": NA, "a1": NA, "a2": NA, "b1": 2, "b2": 2}], rubric)[0]
        assert found["a"] is None
        assert found["a__state"] == -1
        assert (found["overall"], found["status"]) == (2.0, "scored")

    def test_nothing_said_is_no_answers_and_don_t_knows_are_answers(self) -> None:
        rubric = short()
        rows = [dict.fromkeys(rubric.item_ids, state) for state in (BLANK, UNREAD, DK, SPLIT)]
        assert [found["status"] for found in score_rows(rows, rubric)] == ["no_answers", "no_answers", "incomplete", "incomplete"]

    def test_all_not_applicable_is_no_answers(self) -> None:
        rubric = rubric_of({"stages": STAGES, "domains": [{"id": "a", "items": [{"id": "a1", "not_applicable": True}]}]})
        found = score_rows([{"a1": NA}], rubric)[0]
        assert (found["status"], found["overall"], found["placed"]) == ("no_answers", None, None)

    @pytest.mark.parametrize("state", [DK, BLANK, UNREAD, SPLIT])
    def test_no_open_state_is_ever_scored_as_the_lowest_stage(self, state: int) -> None:
        assert scored(short(), a1=state)["a"] == 3.0


class TestGates:
    def test_a_gate_limits_and_is_named(self) -> None:
        found = scored(short({3: {"a1": "partnership"}}), a1=2)
        assert (found["proposed"], found["placed"], found["held_back_by"]) == ("partnership", "involvement", "a1")
        assert found["overall"] == pytest.approx(8.5 / 3, abs=1e-9), "the score is never altered"

    @pytest.mark.parametrize("state", [DK, BLANK, UNREAD, SPLIT])
    def test_an_unanswered_gate_fails(self, state: int) -> None:
        assert scored(short({3: {"a1": "partnership"}}), a1=state)["held_back_by"] == "a1"

    def test_the_lowest_stage_required_still_needs_an_answer(self) -> None:
        rubric = short({3: {"a1": "not_yet"}})
        assert scored(rubric, a1=0)["held_back_by"] == ""
        assert scored(rubric, a1=DK)["held_back_by"] == "a1"

    def test_a_mean_exactly_on_the_cut_of_a_gate_passes_it(self) -> None:
        rubric = short({3: {"a1": "partnership"}})
        codes: dict[str, float] = dict.fromkeys(rubric.item_ids, 3.0)
        found = score_rows([codes | {"a1": 2.5}, codes | {"a1": 2.499999999}, codes | {"a1": 2.4999999996}], rubric)
        assert [row["held_back_by"] for row in found] == ["", "a1", ""], "the third rounds to 2.5 at nine decimals"

    def test_only_the_first_failing_stage_is_named(self) -> None:
        rubric = short({2: {"b3": "involvement"}, 3: {"a1": "partnership"}})
        found = scored(rubric, b3=1, a1=1, a2=4, a3=4, b1=4, b2=4)
        assert (found["placed"], found["held_back_by"]) == ("consultation", "b3")

    def test_gates_in_rubric_order_then_areas(self) -> None:
        rubric = short({3: {"b1": "partnership", "a2": "partnership"}}, domains={"a": 3, "b": 3, "c": 3}, floor_domains=["c"])
        found = scored(rubric, a1=4, a2=1, a3=4, b1=2, b2=4, b3=4, c1=1, c2=1, c3=1)
        assert found["overall"] < 2.5
        found = scored(rubric, a1=4, a2=2, a3=4, b1=2, b2=4, b3=4, c1=1, c2=1, c3=2)
        assert (found["proposed"], found["placed"], found["held_back_by"]) == ("partnership", "involvement", "a2 b1 domain:c")

    def test_a_gate_of_several_stages_stops_at_the_lowest_it_fails(self) -> None:
        rubric = short({2: {"a1": "consultation"}, 4: {"a1": "codesign"}})
        assert scored(rubric, a1=0)["placed"] == "consultation"
        found = score_rows([dict.fromkeys(rubric.item_ids, 4) | {"a1": 3}], rubric)[0]
        assert (found["proposed"], found["placed"], found["held_back_by"]) == ("codesign", "partnership", "a1")

    def test_an_area_is_limited_by_its_own_gates_only(self) -> None:
        found = scored(short({3: {"a1": "partnership"}}), a1=2, a2=4)
        assert (found["a__placed"], found["b__placed"]) == ("involvement", "partnership")


class TestFloors:
    def test_an_area_two_bands_lower_holds_the_placement_back(self) -> None:
        rubric = short(domains={"a": 3, "b": 3, "c": 3})
        found = scored(rubric, a1=4, a2=4, a3=4, c1=1, c2=1, c3=1)
        assert (found["overall"], found["proposed"]) == (pytest.approx(8 / 3, abs=1e-9), "partnership")
        assert (found["placed"], found["held_back_by"]) == ("involvement", "domain:c")

    def test_one_band_lower_does_not(self) -> None:
        found = scored(short(domains={"a": 3, "b": 3, "c": 3}), c1=2, c2=2, c3=2)
        assert (found["placed"], found["held_back_by"]) == ("partnership", "")

    def test_areas_outside_floor_domains_never_hold_back(self) -> None:
        rubric = short(domains={"a": 3, "b": 3, "c": 3}, floor_domains=["a", "b"])
        assert scored(rubric, a1=4, a2=4, a3=4, c1=1, c2=1, c3=1)["held_back_by"] == ""

    def test_an_area_that_does_not_apply_holds_nothing_back(self) -> None:
        areas = [{"id": "a", "items": [{"id": "a1", "not_applicable": True}]}, {"id": "b", "items": [{"id": "b1"}, {"id": "b2"}]}]
        rubric = rubric_of({"stages": STAGES, "domains": areas})
        found = score_rows([{"a1": NA, "b1": 4, "b2": 4}], rubric)[0]
        assert (found["placed"], found["held_back_by"]) == ("codesign", "")

    def test_the_lag_is_the_rubric_s(self) -> None:
        rubric = short(domains={"a": 3, "b": 3, "c": 3}, max_domain_lag=2)
        assert scored(rubric, a1=4, a2=4, a3=4, c1=1, c2=1, c3=1)["held_back_by"] == ""


class TestFrames:
    def test_a_row_in_a_row_out_with_keys_kept_and_columns_in_order(self) -> None:
        rubric = short()
        frame = pl.DataFrame(
            {"practice": ["Elm", "Oak"], **{item_id: ["3", "x"] for item_id in rubric.item_ids}, "period": ["2026-Q4", None]}
        )
        found = score(frame, rubric)
        assert found.columns == ["practice", "period", *result_columns(rubric)]
        assert result_columns(rubric) == [
            "a",
            "b",
            "overall",
            "index",
            "proposed",
            "placed",
            "held_back_by",
            "status",
            "bad_cells",
        ]
        assert found["bad_cells"].to_list() == [0, 6]
        assert found["status"].to_list() == ["scored", "no_answers"]
        assert found["index"].to_list() == [75, None]

    @pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pyarrow"])
    def test_the_caller_s_kind_of_frame_comes_back(self, kind: str) -> None:
        rubric = short({3: {"a1": "partnership"}})
        chance = random.Random(3)
        words = ["0", "1", "2", "3", "4", "partnership", "DK", "", "nonsense"]
        plain = pl.DataFrame(
            {"practice": [f"P{n}" for n in range(40)], **{i: [chance.choice(words) for _ in range(40)] for i in rubric.item_ids}}
        )
        expected = score(plain, rubric)
        if kind == "polars":
            found = score(plain.clone(), rubric)
        elif kind == "lazy":
            lazy = score(plain.lazy(), rubric)
            assert isinstance(lazy, pl.LazyFrame)
            found = lazy.collect()
        elif kind == "pandas":
            pandas = pytest.importorskip("pandas")
            result = score(plain.to_pandas(), rubric)
            assert isinstance(result, pandas.DataFrame)
            found = pl.from_pandas(result)
        else:
            pyarrow = pytest.importorskip("pyarrow")
            result = score(plain.to_arrow(), rubric)
            assert isinstance(result, pyarrow.Table)
            found = pl.DataFrame(result)
        assert found.select(expected.columns).cast(dict(expected.schema)).equals(expected)

    def test_an_answer_table_is_scored_as_it_is_fractions_included(self) -> None:
        rubric = short()
        table = read_answers(pl.DataFrame({item_id: ["3"] for item_id in rubric.item_ids}), rubric)
        pooled = table.with_columns(a1=pl.lit(2.25))
        assert score(pooled, rubric)["a"].item() == pytest.approx(2.75)

    def test_a_frame_of_numbers_that_is_no_answer_table_takes_no_fractions_and_no_codes(self) -> None:
        rubric = short()
        frame = pl.DataFrame({item_id: [3.0, 2.5, -2.0, None, 5.0] for item_id in rubric.item_ids})
        assert score(frame, rubric)["bad_cells"].to_list() == [0, 6, 6, 0, 6]

    def test_row_order_changes_nothing(self) -> None:
        rubric = short({3: {"a1": "partnership"}})
        rows = rows_for(rubric, 5, 60)
        forward, backward = score_rows(rows, rubric), score_rows(rows[::-1], rubric)
        assert forward == backward[::-1]

    def test_rows_do_not_touch_each_other(self) -> None:
        rubric = short()
        rows = rows_for(rubric, 6, 30)
        assert score_rows(rows, rubric) == [score_rows([row], rubric)[0] for row in rows]


class TestProfile:
    def test_a_profile_has_no_score_and_no_placement(self) -> None:
        rubric = short()
        frame = pl.DataFrame({"a1": ["3"], "a2": ["3"], "a3": ["3"]})
        whole = rubric.model_copy(update={"profiles": {"pulse": ("a1", "a2", "a3")}})
        found = score(frame, whole, profile="pulse").row(0, named=True)
        assert found["status"] == "profile"
        assert [found[name] for name in ("a", "b", "overall", "index", "proposed", "placed", "held_back_by")] == [None] * 7
        everything = score_rows([{"a1": 3, "a2": 3, "a3": 3}], whole, "pulse")[0]
        assert (everything["a__placed"], everything["b__placed"]) == (None, None)

    def test_an_empty_profile_row_is_no_answers(self) -> None:
        rubric = short().model_copy(update={"profiles": {"pulse": ("a1",)}})
        assert score(pl.DataFrame({"a1": [""]}), rubric, profile="pulse")["status"].item() == "no_answers"


class TestWhatIf:
    def test_the_possible_range_of_an_incomplete_row(self) -> None:
        rubric = short(domains={"a": 2, "b": 2})
        codes = {"a1": 2, "a2": DK, "b1": 2, "b2": SPLIT}
        found = possible(codes, rubric)
        assert found is not None
        assert (found.low, found.high, found.open_items) == ("consultation", "partnership", ("a2", "b2"))

    def test_an_answer_at_the_lowest_stage_is_an_answer(self) -> None:
        found = possible({"a1": 0, "a2": DK}, short(domains={"a": 2}))
        assert found is not None
        assert (found.low, found.high, found.open_items) == ("not_yet", "involvement", ("a2",))

    def test_not_applicable_is_not_open(self) -> None:
        rubric = rubric_of(
            {
                "stages": STAGES,
                "domains": [{"id": "a", "items": [{"id": "a1", "not_applicable": True}, {"id": "a2"}, {"id": "a3"}]}],
            }
        )
        found = possible({"a1": NA, "a2": BLANK, "a3": 2}, rubric)
        assert found is not None
        assert found.open_items == ("a2",)

    def test_nothing_applicable_has_no_range(self) -> None:
        rubric = rubric_of({"stages": STAGES, "domains": [{"id": "a", "items": [{"id": "a1", "not_applicable": True}]}]})
        assert possible({"a1": NA}, rubric) is None

    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(rubric=rubrics(), seed=st.integers(0, 2**32))
    def test_every_way_to_fill_the_open_answers_lies_in_the_range(self, rubric: Rubric, seed: int) -> None:
        chance = random.Random(seed)
        for codes in rows_for(rubric, seed, 2):
            found = possible(codes, rubric)
            if found is None:
                continue
            ways = [codes | {i: chance.choice(rubric.stages).points for i in found.open_items} for _ in range(12)]
            placed = [rubric.stage(result["placed"]).points for result in score_rows(ways, rubric)]
            assert rubric.stage(found.low).points <= min(placed)
            assert max(placed) <= rubric.stage(found.high).points

    def test_reach_scores_a_whole_table_in_the_same_order(self) -> None:
        import narwhals as nw

        rubric = short()
        rows = rows_for(rubric, 9, 20)
        frame = pl.DataFrame([{**row, "bad_cells": 0} for row in rows])
        low, high = reach(nw.from_native(frame, eager_only=True), rubric)
        singles = [possible(row, rubric) for row in rows]
        assert low["placed"].to_list() == [single.low if single else None for single in singles]
        assert high["placed"].to_list() == [single.high if single else None for single in singles]

    def test_neighbours_are_every_answered_item_one_stage_up_and_down(self) -> None:
        rubric = short(domains={"a": 2})
        found = neighbours({"a1": 0, "a2": 4}, rubric)
        assert [(near.item, near.points) for near in found] == [("a1", 1), ("a2", 3)]
        assert [near.placed for near in found] == ["partnership", "involvement"]

    def test_neighbours_reach_the_lowest_and_the_highest_stage(self) -> None:
        found = neighbours({"a1": 1, "a2": 3}, short(domains={"a": 2}))
        assert [(near.item, near.points) for near in found] == [("a1", 0), ("a1", 2), ("a2", 2), ("a2", 4)]
        assert [near.result["overall"] for near in found] == [1.5, 2.5, 1.5, 2.5]

    def test_settlings_put_each_open_item_at_both_ends(self) -> None:
        rubric = short(domains={"a": 3})
        found = settlings({"a1": 2, "a2": 2, "a3": SPLIT}, rubric)
        assert [(near.item, near.points, near.placed) for near in found] == [("a3", 0, "consultation"), ("a3", 4, "partnership")]
        assert settlings({"a1": 2, "a2": 0, "a3": 2}, rubric) == []

    def test_without_an_answer_there_are_no_neighbours(self) -> None:
        rubric = short(domains={"a": 2})
        assert neighbours({"a1": DK, "a2": BLANK}, rubric) == []
        assert neighbours({"a1": 2, "a2": BLANK}, rubric) == [], "an incomplete row is placed nowhere"


class TestSteps:
    def test_six_steps_each_built_on_the_columns_before(self) -> None:
        rubric = short({3: {"a1": "partnership"}})
        assert len(steps(rubric)) == 7, "six steps; placement takes two: the ceilings, then the lowest of them"

    def test_working_columns_are_never_null(self) -> None:
        import narwhals as nw

        rubric = short({3: {"a1": "partnership"}})
        rows = rows_for(rubric, 11, 50)
        frame = nw.from_native(pl.DataFrame([{**row, "bad_cells": 0} for row in rows]), eager_only=True)
        table = with_steps(frame, rubric)
        working = [name for name in table.columns if "__" in name and not name.endswith("__placed")]
        assert working
        assert all(table[name].null_count() == 0 for name in working)

    def test_weights_with_a_large_common_denominator(self) -> None:
        weights = ["996/997", "990/991", "982/983"]
        items = [{"id": f"a{n}", "weight": weight} for n, weight in enumerate(weights)]
        rubric = rubric_of({"stages": STAGES, "domains": [{"id": "a", "items": items}]})
        codes = {"a0": 2, "a1": 2, "a2": 3}
        found = score_rows([codes], rubric)[0]
        agrees(found, reference(codes, rubric))
        assert found["placed"] == "involvement"

    def test_weights_become_whole_numbers_in_the_same_proportions(self) -> None:
        assert whole_weights([Fraction("0.1"), Fraction(2, 3), Fraction(1)]) == [3, 20, 30]


@pytest.mark.parametrize(("score_", "index"), [("3/2", 38), ("1", 25), ("101/100", 25), ("202/100", 51)])
def test_the_index_is_half_up(score_: str, index: int) -> None:
    # One area whose weights make its mean any hundredth: 101/200 of the way is exactly 50.5.
    top = Fraction(score_) / 4
    rubric = rubric_of(
        {
            "stages": STAGES,
            "domains": [{"id": "a", "items": [{"id": "a1", "weight": str(top)}, {"id": "a2", "weight": str(1 - top)}]}],
        }
    )
    found = score_rows([{"a1": 4, "a2": 0}], rubric)[0]
    assert found["overall"] == pytest.approx(float(Fraction(score_)))
    assert found["index"] == index
