"""The reading policy: what becomes which answer, what is a problem, and that terminal, file and table agree on it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnercheck as pc
from partnercheck.answers import (
    BLANK,
    DK,
    NA,
    SPLIT,
    UNREAD,
    Answer,
    Assessment,
    Policy,
    Reading,
    cell_problems,
    problems,
    read_answers,
)
from partnercheck.problems import Place
from reference import rubric_of

RUBRIC = rubric_of(
    {
        "stages": [
            {"id": name, "points": points}
            for points, name in enumerate(("not_yet", "consultation", "involvement", "partnership"))
        ],
        "domains": [{"id": "area", "items": [{"id": "who"}, {"id": "pay", "not_applicable": True}]}],
    }
)
POLICY = Policy(RUBRIC)

READ = {
    # a stage by its id, its name, its points, or the whole text of its descriptor; folded
    "involvement": 2, "INVOLVEMENT": 2, "  Involvement.  ": 2, "The stage involvement": 2, "the\u00a0stage  involvement": 2,
    "What one sees of who at involvement": 2, "what one sees of WHO at involvement.": 2, "3": 3, "3.0": 3, " 3 ": 3, "\u00a03\u00a0": 3, "0": 0, "0.0": 0,
    "What one sees of who&nbsp;at involvement": 2, "<b>Involvement</b>": 2, "What one sees of who&nbsp;at <i>involvement</i>": 2,
    # the states
    "DK": DK, "dk": DK, "don't know": DK, "Don’t know": DK, "do not know": DK, "Not sure.": DK, "SPLIT": SPLIT, "We do not agree": SPLIT,
    # blank
    "": BLANK, "   ": BLANK, "\u00a0": BLANK, "\t": BLANK,
}  # fmt: skip

UNUSABLE = [
    "01", "+1", "1_0", "1e0", "0x2", "2.5", "2,5", "２", "٢", "②", "Level 3", "TRUE", "NaN", "#N/A", "null", "-", "-1", "4", "99", "3.00",
    "½", "1 2", "=2", "2%", "two", "None", "nan", "inf", "9" * 400, "3;", "'3", "<b>3</b>", "&#51;", "in\u200bvolvement", "NA NA",
    "What one sees of pay at involvement", "2..",
]  # fmt: skip
DATES = ["01-Feb", "2-3", "1/2", "2026-02-01", "44593", "1/2/2026", "Feb-01", "2026-02-01 00:00:00", "3-Jan-26"]


@pytest.mark.parametrize(("text", "code"), READ.items())
def test_what_is_read(text: str, code: int) -> None:
    assert POLICY.read("who", text) == Reading(code)


@pytest.mark.parametrize("text", UNUSABLE)
def test_what_is_a_problem(text: str) -> None:
    assert POLICY.read("who", text) == Reading(UNREAD, "A001")


@pytest.mark.parametrize("text", DATES)
def test_what_a_spreadsheet_made_of_an_answer(text: str) -> None:
    assert POLICY.read("who", text) == Reading(UNREAD, "A002")
    assert "spreadsheet" in POLICY.problem("who", text, "A002", Place()).sentence


def test_not_applicable_only_where_the_item_allows_it() -> None:
    for text in ("NA", "n/a", "Not applicable"):
        assert POLICY.read("pay", text) == Reading(NA)
        assert POLICY.read("who", text) == Reading(UNREAD, "A003")


def test_we_do_not_agree_is_a_team_s_answer() -> None:
    assert POLICY.read("who", "SPLIT", consensus=False) == Reading(UNREAD, "A004")


def test_a_bare_number_is_points_only_where_the_source_proves_it() -> None:
    unproven = Policy(RUBRIC, numbers=False)
    assert unproven.read("who", "3") == Reading(UNREAD, "A005")
    assert unproven.read("who", "partnership") == Reading(3)
    assert "0 to 3" not in unproven.allowed("who")
    assert "3" not in unproven.plain_spellings(RUBRIC.item("who"))


def test_a_problem_says_what_is_allowed_and_masks_addresses() -> None:
    found = POLICY.problem("pay", "x@example.org", "A001", Place(file="t.csv", row=4, line=5, column="pay"))
    assert "example.org" not in found.sentence
    assert "example.org" not in found.value
    assert (
        "0 to 3, a stage (not_yet, consultation, involvement, partnership), DK (don't know), NA (not applicable), SPLIT"
        in found.sentence
    )
    assert found.place == Place(file="t.csv", row=4, line=5, column="pay")
    plain = POLICY.problem("who", " x ", "A001", Place())
    assert plain.sentence == (
        "'x' is not an answer to 'who'. Allowed: 0 to 3, a stage (not_yet, consultation, involvement, partnership), "
        "DK (don't know), SPLIT (a team that does not agree)."
    )


def test_a_problem_shows_hostile_values_harmlessly_and_cut() -> None:
    found = POLICY.problem("who", "\x1b[2J" + "x" * 90, "A001", Place())
    assert "\x1b" not in found.sentence + found.value
    assert found.value.startswith("^[[2J")
    assert len(found.value) <= 40


class TestInBulk:
    @pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pyarrow"])
    def test_the_table_reads_what_the_policy_reads(self, kind: str) -> None:
        texts = [*READ, *UNUSABLE, *DATES, "NA", "n/a"]
        frame = pl.DataFrame({"key": list(range(len(texts))), "who": texts, "pay": texts})
        given_ = {"polars": frame, "lazy": frame.lazy()}.get(kind)
        if kind == "pandas":
            given_ = frame.to_pandas()
        elif kind == "pyarrow":
            given_ = frame.to_arrow()
        table = read_answers(given_, RUBRIC)
        assert type(table) is type(given_)
        found = table.collect() if kind == "lazy" else pl.DataFrame(table)
        for column in ("who", "pay"):
            assert found[column].to_list() == [POLICY.read(column, text).code for text in texts]
        expected = [sum(POLICY.read(column, text).code == UNREAD for column in ("who", "pay")) for text in texts]
        assert found["bad_cells"].to_list() == expected

    def test_missing_cells_are_blank(self) -> None:
        assert read_answers(pl.DataFrame({"who": [None, "3"], "pay": ["2", None]}), RUBRIC).rows() == [
            (BLANK, 2, 0),
            (3, BLANK, 0),
        ]

    def test_whole_numbers(self) -> None:
        table = read_answers(pl.DataFrame({"who": [3, 4, None, -1], "pay": [0, 1, 2, 3]}), RUBRIC)
        assert table["who"].to_list() == [3, UNREAD, BLANK, UNREAD]

    def test_numbers_that_pandas_made_floats_of(self) -> None:
        pandas = pytest.importorskip("pandas")
        table = read_answers(pandas.DataFrame({"who": [3.0, None, 2.5], "pay": ["NA", None, "2"]}), RUBRIC)
        assert list(table["who"]) == [3, BLANK, UNREAD]
        assert list(table["pay"]) == [NA, BLANK, 2]

    def test_booleans_and_dates_are_no_answers(self) -> None:
        table = read_answers(pl.DataFrame({"who": [True, None], "pay": [date(2026, 2, 1), None]}), RUBRIC)
        assert table.rows() == [(UNREAD, UNREAD, 2), (BLANK, BLANK, 0)]

    def test_we_do_not_agree_counts_for_consensus_rows_only(self) -> None:
        frame = pl.DataFrame(
            {"role": ["consensus", " Consensus ", "nurse", None], "who": ["SPLIT"] * 4, "pay": ["we do not agree"] * 4}
        )
        assert read_answers(frame, RUBRIC)["who"].to_list() == [SPLIT, SPLIT, UNREAD, UNREAD]
        assert read_answers(frame, RUBRIC)["pay"].to_list() == [SPLIT, SPLIT, UNREAD, UNREAD]

    @pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pyarrow"])
    def test_thousands_of_spellings_of_one_answer(self, kind: str) -> None:
        texts = (
            ["involvement" + " " * n for n in range(2_000)]
            + ["PARTNERSHIP" + "\u00a0" * n for n in range(2_000)]
            + ["nonsense", None]
        )
        frame = pl.DataFrame({"who": texts, "pay": texts})
        table = read_answers(
            {"polars": frame, "lazy": frame.lazy(), "pandas": frame.to_pandas(), "pyarrow": frame.to_arrow()}[kind], RUBRIC
        )
        found = table.collect() if kind == "lazy" else pl.DataFrame(table)
        assert found["who"].to_list() == [2] * 2_000 + [3] * 2_000 + [UNREAD, BLANK]

    def test_an_answer_table_comes_back_as_it_is(self) -> None:
        table = read_answers(pl.DataFrame({"who": ["3"], "pay": ["3"]}), RUBRIC)
        assert read_answers(table, RUBRIC) is table

    def test_a_frame_without_an_item_is_an_error_that_names_it(self) -> None:
        with pytest.raises(ValueError, match="no column for: pay"):
            read_answers(pl.DataFrame({"who": ["3"]}), RUBRIC)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.one_of(st.text(max_size=6), st.sampled_from([*READ, *UNUSABLE])), min_size=1, max_size=12))
    def test_any_text_reads_the_same_one_by_one_and_in_bulk(self, texts: list[str]) -> None:
        table = read_answers(pl.DataFrame({"who": texts, "pay": texts}), RUBRIC)
        assert table["who"].to_list() == [POLICY.read("who", text).code for text in texts]


class TestProblems:
    FRAME = pl.DataFrame(
        {
            "practice": ["Elm", "Oak", "Ash"],
            "role": ["consensus", "nurse", "nurse"],
            "who": ["3", "SPLIT", "2-3"],
            "pay": ["9", "", "NA"],
        }
    )

    def test_every_unusable_cell_by_key_and_column(self) -> None:
        found = problems(self.FRAME, RUBRIC)
        assert found.columns == ["practice", "role", "column", "value", "code", "message"]
        assert found.select("practice", "column", "value", "code").rows() == [
            ("Oak", "who", "SPLIT", "A004"),
            ("Ash", "who", "2-3", "A002"),
            ("Elm", "pay", "9", "A001"),
        ]
        assert found["message"][2] == POLICY.problem("pay", "9", "A001", Place()).sentence
        assert found["role"].to_list() == ["nurse", "nurse", "consensus"]

    def test_the_caller_s_kind_of_frame_comes_back(self) -> None:
        assert isinstance(problems(self.FRAME.lazy(), RUBRIC), pl.LazyFrame)
        pandas = pytest.importorskip("pandas")
        assert isinstance(problems(self.FRAME.to_pandas(), RUBRIC), pandas.DataFrame)

    def test_a_duckdb_relation_is_read_scored_and_answered_in_kind(self) -> None:
        duckdb = pytest.importorskip("duckdb")
        arrow = self.FRAME.to_arrow()
        relation = duckdb.from_arrow(arrow)
        expected = problems(self.FRAME, RUBRIC)
        found = problems(relation, RUBRIC)
        assert isinstance(found, duckdb.DuckDBPyRelation)
        assert sorted(found.fetchall()) == sorted(expected.rows())
        scored = pc.score(relation, RUBRIC)
        assert isinstance(scored, duckdb.DuckDBPyRelation)
        assert sorted(scored.fetchall(), key=str) == sorted(pc.score(self.FRAME, RUBRIC).rows(), key=str)

    def test_none_gives_an_empty_frame_with_the_same_columns(self) -> None:
        found = problems(self.FRAME.head(0), RUBRIC)
        assert found.height == 0
        assert found.schema == dict.fromkeys(("practice", "role", "column", "value", "code", "message"), pl.String)

    def test_is_the_public_name(self) -> None:
        assert pc.problems(self.FRAME, RUBRIC).height == 3

    def test_a_lazy_frame_is_not_read_before_it_must_be(self) -> None:
        whole = problems(self.FRAME.lazy(), RUBRIC).collect()
        assert whole.equals(problems(self.FRAME, RUBRIC))

    def test_numbers_are_named_too(self) -> None:
        frame = pl.DataFrame({"who": [7, 2], "pay": [2.5, 3.0]})
        assert problems(frame, RUBRIC).select("column", "value").rows() == [("who", "7"), ("pay", "2.5")]

    def test_of_a_table_from_a_file_with_row_and_line(self) -> None:
        frame = pl.DataFrame({"file": ["t.csv"], "row": [7], "line": [9], "kind": ["respondent"], "who": ["SPLIT"], "pay": ["x"]})
        found = cell_problems(frame, read_answers(frame, RUBRIC), RUBRIC)
        assert [(entry.code, entry.place) for entry in found] == [
            ("A004", Place("t.csv", 9, None, 7, "who")),
            ("A001", Place("t.csv", 9, None, 7, "pay")),
        ]


def test_an_assessment_is_a_row_of_codes() -> None:
    team = Assessment(answers={"who": Answer(3)})
    assert team.is_consensus
    assert team.codes(RUBRIC) == {"who": 3, "pay": BLANK}
    assert not Assessment(role="nurse").is_consensus
    assert [Answer(code).state for code in (3, NA, DK, BLANK, UNREAD, SPLIT)] == [
        "answered",
        "na",
        "dk",
        "blank",
        "blank",
        "split",
    ]


def test_the_codes_are_public_and_fixed() -> None:
    assert (pc.NA, pc.DK, pc.BLANK, pc.UNREAD, pc.SPLIT) == (-1, -2, -3, -4, -5)


class TestWhatCannotBeMeant:
    """Frames that would be misread in silence are refused by name."""

    @pytest.mark.parametrize(
        "cells",
        [
            {"who": [7], "pay": [3]},
            {"who": [None], "pay": [3]},
            {"who": [99.0], "pay": [3.0]},
            {"who": ["3"], "pay": ["3"]},
            {"who": [-6], "pay": [1]},
        ],
    )
    def test_a_column_of_that_name_makes_no_answer_table(self, cells: dict[str, list[object]]) -> None:
        frame = pl.DataFrame({**cells, "bad_cells": [0]})
        with pytest.raises(ValueError, match="marks an answer table"):
            read_answers(frame, RUBRIC)

    def test_nor_does_it_on_a_lazy_frame_of_texts(self) -> None:
        with pytest.raises(ValueError, match="marks an answer table"):
            read_answers(pl.LazyFrame({"who": ["3"], "pay": ["3"], "bad_cells": [0]}), RUBRIC)

    @pytest.mark.parametrize("name", ["overall", "status", "placed", "area"])
    def test_a_key_with_the_name_of_a_result(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"a column named {name}"):
            pc.score(pl.DataFrame({name: ["x"], "who": ["3"], "pay": ["3"]}), RUBRIC)

    @pytest.mark.parametrize("name", ["column", "value", "code", "message"])
    def test_a_key_with_the_name_of_a_finding_s_part(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"a column named {name}"):
            pc.problems(pl.DataFrame({name: ["x"], "who": ["3"], "pay": ["3"]}), RUBRIC)

    def test_a_profile_the_rubric_has_not(self) -> None:
        with pytest.raises(ValueError, match="no profile 'quick'"):
            pc.score(pl.DataFrame({"who": ["3"], "pay": ["3"]}), RUBRIC, profile="quick")

    def test_roles_of_any_kind_of_text(self) -> None:
        frame = pl.DataFrame({"role": ["consensus", "Consensus. ", "nurse"], "who": ["SPLIT"] * 3, "pay": ["2"] * 3})
        for typed in (frame, frame.with_columns(pl.col("role").cast(pl.Categorical))):
            assert read_answers(typed, RUBRIC)["who"].to_list() == [SPLIT, SPLIT, UNREAD]

    def test_bad_cells_are_named_right_whatever_the_order_of_rows(self) -> None:
        frame = pl.DataFrame({"key": list(range(500)), "who": ["3", "x"] * 250, "pay": ["2"] * 500})
        found = problems(frame.lazy().unique(), RUBRIC).collect()
        assert sorted(found["key"]) == list(range(1, 500, 2))
        assert set(found["value"]) == {"x"}


def test_a_slip_of_the_pen_gets_the_nearest_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    from partnercheck import answers

    policy = Policy(RUBRIC)
    for _ in range(2):
        assert (
            "'Partnershp' is not an answer to 'who' (did you mean 'partnership'?). Allowed"
            in policy.problem("who", "Partnershp", "A001", Place()).sentence
        )
    assert "'zzz' is not an answer to 'who'. Allowed" in policy.problem("who", "zzz", "A001", Place()).sentence
    monkeypatch.setattr(answers, "_HINTS", 2)
    assert "'involvment' is not an answer to 'who'. Allowed" in policy.problem("who", "involvment", "A001", Place()).sentence, (
        "two texts were looked at"
    )
    assert "did you mean" in policy.problem("who", "Partnershp", "A001", Place()).sentence, "and are remembered"


def test_an_answer_table_may_hold_every_code_and_the_lowest_and_highest_points() -> None:
    table = pl.DataFrame({"who": [0.0, 3.0, 1.5, -1.0, -2.0, -3.0, -4.0, -5.0], "pay": [0.0] * 8, "bad_cells": [0] * 8})
    assert read_answers(table, RUBRIC) is table
    with pytest.raises(ValueError, match="in: who, pay"):
        read_answers(pl.DataFrame({"who": [3.1], "pay": [-5.5], "bad_cells": [0]}), RUBRIC)
