"""The plain table: its columns, whose answers its rows are, what is said twice, and that no row is ever lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnercheck.answers import read_answers
from partnercheck.clean import has_acting
from partnercheck.errors import AnswersError, PartnercheckError, UsageError
from partnercheck.problems import Problem, render
from partnercheck.rubric.loader import load_rubric
from partnercheck.rubric.model import Rubric
from partnercheck.sources.plaintable import COLUMNS, Choices, Table, read_plain_bytes, read_plain_tables
from rubrics import write_small

ITEMS = "staff_time,paying,who_speaks,who_learns,how_often,who_decides,who_designs"
TEAMS = f"""\
practice,period,{ITEMS}
Elm,2026-Q4,0,1,2,3,4,DK,involvement
Oak,2026-Q4,0,NA,2,3,3,2,
Ash,2026-Q4,4,1,2,3,4,SPLIT,Not yet
"""
PEOPLE = f"""\
practice,respondent,role,period,{ITEMS}
Elm,P1,nurse,2026-Q4,0,1,2,3,4,DK,1
Elm,P2,Patient partner,2026-Q4,1,1,2,3,4,3,1
Elm,,carer,2026-Q4,2,1,2,3,4,3,1
Oak,P1,CONSENSUS,2026-Q4,3,1,2,3,4,3,1
"""
A = "0,1,2,3,4,3,1"
B = "0,1,2,3,4,3,2"


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Rubric:
    return load_rubric(str(write_small(tmp_path_factory.mktemp("rubric"))))


Read = Callable[..., Table]


@pytest.fixture(scope="module")
def read(rubric: Rubric) -> Read:
    """A table from its text: `read(text, mode="survey")`."""

    def read(text: str | bytes, *, items: Sequence[str] | None = None, **choices: str) -> Table:
        data = text if isinstance(text, bytes) else text.encode()
        table = read_plain_bytes(data, rubric, file="t.csv", item_ids=items, choices=Choices(**choices))
        assert table.rows_read == table.frame.height + table.rejected
        assert tuple(table.frame.columns) == (*COLUMNS, *(items or rubric.item_ids))
        return table

    return read


def people(*lines: str) -> str:
    """A table of respondents; each line gives practice, respondent, role, period and the answers."""
    return f"practice,respondent,role,period,{ITEMS}\n" + "\n".join(lines)


def codes(found: Sequence[Problem]) -> list[tuple[str, int | None, int | None, str]]:
    return [(entry.code, entry.place.row, entry.place.line, entry.place.column) for entry in found]


def refusal(read: Read, text: str | bytes, **choices: str) -> list[Problem]:
    with pytest.raises(AnswersError) as caught:
        read(text, **choices)
    assert all(found.place.file == "t.csv" for found in caught.value.problems)
    return list(caught.value.problems)


def test_a_table_of_teams(read: Read) -> None:
    table = read(TEAMS)
    assert table.frame.rows()[0] == (
        "t.csv",
        1,
        2,
        "Elm",
        "2026-Q4",
        None,
        None,
        "consensus",
        "0",
        "1",
        "2",
        "3",
        "4",
        "DK",
        "involvement",
    )
    assert table.frame["kind"].unique().to_list() == ["consensus"]
    assert (
        table.first_line == "Read as 3 teams' agreed answers, one row each. If these are single people's answers: --mode survey"
    )
    assert (table.rows_read, table.rejected, table.problems, table.notices, table.unknown_columns) == (3, 0, [], [], ())


def test_a_table_of_people_and_a_team(read: Read) -> None:
    table = read(PEOPLE)
    assert table.frame.select("practice", "respondent", "role", "kind").rows() == [
        ("Elm", "P1", "nurse", "respondent"),
        ("Elm", "P2", "patient_partner", "respondent"),
        ("Elm", None, "carer", "respondent"),
        ("Oak", None, None, "consensus"),
    ]
    assert table.first_line == "Read as 1 team's agreed answers, in one row, and 3 people's answers from 1 practice."
    assert dict(table.frame.schema) == {name: pl.Int64 if name in ("row", "line") else pl.String for name in table.frame.columns}


def test_what_it_gives_is_what_the_reader_of_answers_takes(read: Read, rubric: Rubric) -> None:
    coded = read_answers(read(TEAMS).frame, rubric)
    assert coded["who_decides"].to_list() == [-2, 2, -5]
    assert coded["bad_cells"].to_list() == [0, 0, 0]


# Twins


def nbsp_header(text: str) -> str:
    header, _, rest = text.partition("\n")
    return ",".join(f"\u00a0 {name.upper()}\u00a0" for name in header.split(",")) + "\n" + rest


TWINS: dict[str, Callable[[str], bytes]] = {
    "TSV": lambda text: text.replace(",", "\t").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "bars, CRLF": lambda text: text.replace(",", "|").replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "quoted": lambda text: "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines()).encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "a mark": lambda text: text.encode("utf-8-sig"),
    "headers in capitals between blanks": lambda text: nbsp_header(text).encode(),
    "columns the other way round": lambda text: "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()).encode(),
    "more columns": lambda text: "\n".join(f"me@example.org,{line},secret" for line in text.splitlines()).encode(),
    "Ctrl-Z and blank lines": lambda text: text.encode() + b"\n\n,,,\n\x1a",
}


@pytest.mark.parametrize("text", [TEAMS, PEOPLE], ids=["teams", "people"])
@pytest.mark.parametrize("name", TWINS)
def test_a_twin_gives_the_same_table(name: str, text: str, read: Read) -> None:
    plain, twin = read(text), read(TWINS[name](text))
    assert twin.frame.equals(plain.frame)
    assert (twin.problems, twin.first_line) == (plain.problems, plain.first_line)


def test_a_separator_other_than_the_comma_is_said(read: Read) -> None:
    assert read(TEAMS.replace(",", ";")).notices == ["The cells are separated by a semicolon."]


# Columns


def test_headers_are_matched_after_folding_and_this_is_said(read: Read) -> None:
    table = read(TEAMS.replace("practice", "Practice\u00a0").replace("staff_time", "STAFF_TIME"))
    assert table.frame.equals(read(TEAMS).frame)
    assert table.notices == ["Columns read under another spelling: 'Practice\u00a0' as practice, 'STAFF_TIME' as staff_time."]


def test_unknown_columns_are_named_once_and_never_read(read: Read) -> None:
    head, *lines = TEAMS.splitlines()
    extra = [
        f"{head},e-mail,Notes\x1b[2J,notes,notes,,x@y.org",
        *(f"{line},canary@example.org,canary,canary,canary,canary,canary" for line in lines),
    ]
    table = read("\n".join(extra))
    assert table.unknown_columns == ("e-mail", "Notes^[[2J", "notes", "(no name)", "(hidden: looks like an e-mail address)")
    (notice,) = table.notices
    assert notice.startswith("5 columns are not part of this table and were not read: e-mail,")
    assert "canary" not in repr(table)
    assert not any("canary" in str(cell) for row in table.frame.rows() for cell in row)


def test_a_thousand_unknown_columns_make_one_sentence(read: Read) -> None:
    more = ",".join(f"x{number}" for number in range(1000))
    notice = read("\n".join(f"{line},{more}" for line in TEAMS.splitlines())).notices[0]
    assert notice.endswith("x11 and 988 more.")


@pytest.mark.parametrize("second", ["staff_time", "Staff_Time ", "STAFF_TIME\u00a0"])
def test_a_used_column_that_stands_twice_is_refused_with_both_places(second: str, read: Read) -> None:
    (found,) = refusal(read, "\n".join(f"{line},{second}" for line in TEAMS.splitlines()))
    assert found.code == "T022"
    assert "(column 3)" in found.message
    assert "(column 10)" in found.message
    assert found.place.line == 1


@pytest.mark.parametrize(
    ("name", "header", "char"),
    [
        ("staff_time", "staff_\u200btime", "U+200B"),
        ("staff_time", "\ufeffstaff_time", "U+FEFF"),
        ("staff_time", "staff\u00ad_time", "U+00AD"),
        ("staff_time", "staff_ time", "U+0020"),
        ("staff_time", "\u202estaff_time", "U+202E"),
        ("staff_time", "stаff_time", "U+0430"),
        ("paying", "РAYING", "U+0420"),
        ("paying", "pαying", "U+03B1"),
        ("who_speaks", "ｗｈｏ＿ｓｐｅａｋｓ", "U+FF57"),
        ("practice", "рractice", "U+0440"),
        ("period", "per\u2060iod", "U+2060"),
    ],
)  # fmt: skip
def test_a_header_that_only_looks_like_a_used_one_is_refused(name: str, header: str, char: str, read: Read) -> None:
    (found,) = refusal(read, TEAMS.replace(name, header, 1))
    assert found.code == "T023"
    assert f"looks like '{name}' but has {char}" in found.message
    assert not has_acting(render(found), allowed="\n")


def test_a_look_alike_beside_the_real_column_is_refused_too(read: Read) -> None:
    (found,) = refusal(read, "\n".join(f"{line},pаying" for line in TEAMS.splitlines()))
    assert (found.code, found.place.column) == ("T023", "pаying")


def test_missing_columns_are_refused_with_the_nearest_names(read: Read) -> None:
    (found,) = refusal(read, TEAMS.replace("staff_time", "staff_tme").replace("who_designs", "zzz"))
    assert (found.code, found.place.line) == ("T021", 1)
    assert "2 columns are missing: 'staff_time' (nearest: 'staff_tme'), 'who_designs'" in found.message


def test_many_missing_columns_are_cut_short(rubric: Rubric) -> None:
    journey = load_rubric("partnership-journey")
    with pytest.raises(AnswersError) as caught:
        read_plain_bytes(f"practice,{journey.item_ids[0]}\nElm,1\n".encode(), journey)
    (found,) = caught.value.problems
    assert found.message.startswith(f"{len(journey.item_ids) - 1} columns are missing")
    assert f"and {len(journey.item_ids) - 13} more" in found.message


def test_columns_that_a_profile_does_not_ask_may_be_missing(read: Read, rubric: Rubric) -> None:
    pulse = "practice,who_learns,who_decides,who_designs\nElm,1,2,3\n"
    (found,) = refusal(read, pulse)
    assert "--profile pulse" in found.fix
    table = read(pulse, items=rubric.profile_items("pulse"))
    assert table.frame.select("who_learns", "who_decides", "who_designs").rows() == [("1", "2", "3")]
    assert read(TEAMS, items=rubric.profile_items("pulse")).notices == [
        "4 columns of questions that this profile does not ask were not read."
    ]


@pytest.mark.parametrize(
    "header", ["StartDate,EndDate,Q1_1", "practice,respondent,role", "a", "Timestamp,How often do you meet?,b"]
)
def test_what_is_no_plain_table_is_refused_with_what_is_expected(header: str, read: Read) -> None:
    (found,) = refusal(read, f"{header}\n1\n")
    assert found.code == "T020"
    assert "Survey exports are not read yet by this version" in found.fix
    assert "practice, respondent, role, period" in found.fix


def test_all_faults_of_a_header_are_listed_together(read: Read) -> None:
    found = refusal(read, "staff_time,staff_time,pаying\n1,2,3\n")
    assert sorted(entry.code for entry in found) == ["T021", "T022", "T023", "T024"]


# Practice and period from the command line


def test_without_a_practice_column_the_option_says_whose_answers_these_are(read: Read) -> None:
    text = f"{ITEMS}\n{A}\n{B}\n"
    (found,) = refusal(read, text)
    assert found.code == "T024"
    assert "--practice" in found.fix
    assert read(text, practice="Elm").frame["practice"].to_list() == ["Elm", "Elm"]


def test_practice_by_column_and_by_option_do_not_go_together(read: Read) -> None:
    (found,) = refusal(read, TEAMS, practice="Elm")
    assert found.code == "T025"


def test_the_period_given_fills_the_missing_ones_only(read: Read) -> None:
    text = people(f"Elm,P1,nurse,2026-Q1,{A}", f"Elm,P2,nurse,,{A}", f"Elm,P3,nurse,\u00a0,{A}")
    assert read(text, period="Q4 2026").frame["period"].to_list() == ["2026-Q1", "2026-Q4", "2026-Q4"]
    assert read(text).frame["period"].to_list() == ["2026-Q1", None, None]
    assert read(f"practice,{ITEMS}\nElm,{A}\n", period="2026").frame["period"].to_list() == ["2026"]


@pytest.mark.parametrize(
    "choices",
    [{"period": "soon"}, {"period": ""}, {"practice": " "}, {"practice": "a\x1b[2J"}, {"practice": "a" * 201}, {"encoding": "x"}],
)
def test_choices_that_cannot_be_meant_are_wrong_usage(choices: dict[str, str], read: Read) -> None:
    with pytest.raises(UsageError):
        read(f"{ITEMS}\n{A}\n", **choices)


def test_periods_get_their_one_spelling(read: Read) -> None:
    text = people(
        *(
            f"Elm,P{number},nurse,{period},{A}"
            for number, period in enumerate(["2026Q4", "Q4 2026", " 2026-q4", "2026-H2", "2026"])
        )
    )
    assert read(text).frame["period"].to_list() == ["2026-Q4", "2026-Q4", "2026-Q4", "2026-H2", "2026"]


@pytest.mark.parametrize("period", ["soon", "2026-Q5", "2026-10-01", "Oct 26", "null", "２０２６", "2026\u200b"])
def test_a_row_with_any_other_period_is_rejected(period: str, read: Read) -> None:
    table = read(people(f"Elm,P1,nurse,{period},{A}", f"Elm,P2,nurse,2026,{A}"))
    assert codes(table.problems) == [("T033", 1, 2, "period")]
    assert table.frame["respondent"].to_list() == ["P2"]


# Identity


@pytest.mark.parametrize(
    "name", ["null", "NaN", "007", "TRUE", "None", "NA", "1e5", "=2+2", "../../etc/passwd", "CON", "<b>x</b>", "[red]x", "# x"]
)
def test_names_stay_the_text_they_are(name: str, read: Read) -> None:
    table = read(people(f"{name},{name},nurse,2026,{A}"))
    assert table.frame.select("practice", "respondent").rows() == [(name, name)]
    assert table.problems == []


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\t", "\u3000"])
def test_a_row_without_a_practice_is_rejected(blank: str, read: Read) -> None:
    table = read(people(f"{blank},P1,nurse,2026,{A}", f"Elm,P2,nurse,2026,{A}"))
    assert codes(table.problems) == [("T030", 1, 2, "practice")]


@pytest.mark.parametrize(
    "char", ["\x1b", "\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\x9b", "\ufffd", "\U000e0041", "\u3164"]
)
@pytest.mark.parametrize("column", ["practice", "respondent"])
def test_names_with_characters_that_hide_or_act_are_rejected(column: str, char: str, read: Read) -> None:
    bad = f"E{char}lm,P1" if column == "practice" else f"Elm,P{char}1"
    table = read(people(f"{bad},nurse,2026,{A}", f"Elm,P2,nurse,2026,{A}"))
    assert codes(table.problems) == [("T031", 1, 2, column)]
    assert f"U+{ord(char):04X}" in table.problems[0].message
    assert not has_acting(render(table.problems[0]), allowed="\n")
    assert table.frame["respondent"].to_list() == ["P2"]


def test_a_line_end_in_a_name_is_such_a_character(read: Read) -> None:
    assert codes(read(people(f'"E\nlm",P1,nurse,2026,{A}', f"Elm,P2,nurse,2026,{A}")).problems) == [("T031", 1, 2, "practice")]


def test_a_name_without_end_is_rejected(read: Read) -> None:
    table = read(people(f"{'E' * 201},P1,nurse,2026,{A}", f"{'E' * 200},P2,nurse,2026,{A}"))
    assert codes(table.problems) == [("T032", 1, 2, "practice")]


def test_names_that_nearly_agree_are_named_and_kept_apart(read: Read) -> None:
    names = ["Café", "cafe\u0301", "Cafe\u0301 ", "Oak", "Oak Street", "Oak\u00a0Street", "Ash"]
    table = read(people(*(f"{name},P1,nurse,2026,{A}" for name in names)))
    assert sorted(table.frame["practice"].to_list()) == sorted(names)
    assert len(table.notices) == 2
    assert "These 3 practice names look like one" in table.notices[0]
    assert "These 2 practice names look like one" in table.notices[1]


@pytest.mark.parametrize(
    ("role", "id_"),
    [("nurse", "nurse"), (" NURSE ", "nurse"), ("patient_partner", "patient_partner"), ("patient\u00a0partner", "patient_partner"),
     ("Carer or family", "carer"), ("Manager.", "manager")],
)  # fmt: skip
def test_roles_are_matched_by_id_and_name(role: str, id_: str, read: Read) -> None:
    table = read(people(f"Elm,P1,{role},2026,{A}"))
    assert (table.frame["role"].to_list(), table.problems) == ([id_], [])


def test_a_row_with_an_unknown_role_stays_and_is_named(read: Read) -> None:
    table = read(people(f"Elm,P1,nurs,2026,{A}", f"Elm,P2,,2026,{A}", f"Elm,P3,\x1b[2Jx,2026,{A}"))
    assert table.frame["role"].to_list() == ["", "", ""]
    assert table.rejected == 0
    assert codes(table.problems) == [("T036", 1, 2, "role"), ("T037", 2, 3, "role"), ("T036", 3, 4, "role")]
    assert "(nearest: nurse)" in table.problems[0].message
    assert not has_acting(render(table.problems[2]), allowed="\n")


def test_without_a_role_column_there_is_no_role_to_miss(read: Read) -> None:
    table = read(f"practice,respondent,{ITEMS}\nElm,P1,{A}\n")
    assert (table.frame["role"].to_list(), table.problems) == ([None], [])


@pytest.mark.parametrize("blank", [",,,,,,", " ,\u00a0,,,,,\t", '"",,,,,,'])
def test_a_row_without_any_answer_is_rejected(blank: str, read: Read) -> None:
    table = read(people(f"Elm,P1,nurse,2026,{blank}", f"Elm,P2,nurse,2026,{A}"))
    assert codes(table.problems) == [("T034", 1, 2, "")]


def test_a_header_in_the_middle_is_rejected(read: Read) -> None:
    table = read(PEOPLE + PEOPLE.replace("Elm", "Yew").replace("Oak", "Fir"))
    assert codes(table.problems) == [("T035", 5, 6, "")]
    assert table.frame.height == 8


# Numbers that are not points


def test_numbers_counted_from_one_are_refused(read: Read) -> None:
    (found,) = refusal(read, f"practice,{ITEMS}\nElm,1,2,5,3,4,5.0,1\nOak,1,2,3,3,4, 5 ,1\n")
    assert (found.code, found.place.line) == ("T026", 1)
    assert "look coded 1-5, not 0-4: 5 occurs in 2 columns and 0 in none" in found.message
    assert "1 = Consultation" in found.fix


@pytest.mark.parametrize("answers", ["5,2,3,3,4,3,1", "5,5,3,3,4,0,1", "5,5,3,3,4,0.0,1", "55,5,3,3,4,1,1", "05,5,3,3,4,1,1"])
def test_a_single_mistake_or_a_zero_is_not(answers: str, read: Read) -> None:
    assert read(f"practice,{ITEMS}\nElm,{answers}\n").frame.height == 1


# Consensus or survey


@pytest.mark.parametrize(
    ("text", "choices", "kinds"),
    [
        (TEAMS, {}, "ccc"),
        (TEAMS, {"mode": "survey"}, "rrr"),
        (TEAMS.replace("Oak", "Elm"), {}, "rrr"),
        (TEAMS.replace("Oak,2026-Q4", "Elm,2026-Q3"), {}, "ccc"),
        (TEAMS.replace("Oak,2026-Q4", "Elm,"), {}, "ccc"),
        (f"practice,{ITEMS}\nElm,{A}\nElm,{A}\n", {}, "rr"),
        (f"practice,respondent,{ITEMS}\nElm,,{A}\nOak,,{A}\n", {}, "rr"),
        (f"practice,respondent,{ITEMS}\nElm,,{A}\nOak,,{A}\n", {"mode": "consensus"}, "cc"),
        (PEOPLE, {}, "rrrc"),
        (PEOPLE, {"mode": "survey"}, "rrrr"),
        (f"practice,role,{ITEMS}\nElm,consensus,{A}\nOak,Consensus ,{A}\nOak,nurse,{A}\n", {}, "ccr"),
    ],
    ids=range(11),
)
def test_consensus_or_survey(text: str, choices: dict[str, str], kinds: str, read: Read) -> None:
    assert [kind[0] for kind in read(text, **choices).frame["kind"]] == list(kinds)


def test_the_first_line_says_how_the_rows_were_read(read: Read) -> None:
    assert read(TEAMS, mode="consensus").first_line == "Read as 3 teams' agreed answers, one row each (--mode)."
    assert read(TEAMS, mode="survey").first_line == "Read as 3 people's answers from 3 practices (--mode)."
    alone = read(people(f"Elm,P1,nurse,2026,{A}")).first_line
    assert alone == "Read as 1 person's answers from 1 practice. If each row is what a team agreed on: --mode consensus"


# What is said twice


def test_copies_count_once(read: Read) -> None:
    table = read(people(f"Elm,P1,nurse,2026,{A}", f"Oak,P1,nurse,2026,{A}", f"Elm,P1,Nurse,2026,0.0,consultation,{A[4:]}"))
    assert table.frame["row"].to_list() == [1, 2]
    assert codes(table.problems) == [("T038", 3, 4, "")]
    assert "row 1 (line 2)" in table.problems[0].message


@pytest.mark.parametrize("other", [f"nurse,2026,{B}", f"carer,2026,{A}", f"nurs,2026,{A}", f"nurse,2026,?{A}"])
def test_rows_that_contradict_each_other_are_all_rejected(other: str, read: Read) -> None:
    table = read(people(f"Elm,P1,nurse,2026,{A}", f"Elm,P1,{other}", f"Oak,P1,nurse,2026,{A}"))
    assert table.frame["practice"].to_list() == ["Oak"]
    assert codes([found for found in table.problems if found.code != "T036"]) == [("T039", 1, 2, ""), ("T039", 2, 3, "")]
    assert "row 2 (line 3)" in table.problems[0].message
    assert "row 1 (line 2)" in table.problems[1].message
    assert "the same respondent" in table.problems[0].message
    assert "P1" not in table.problems[0].message


def test_first_or_last_may_be_chosen(read: Read) -> None:
    text = people(f"Elm,P1,nurse,2026,{A}", f"Elm,P1,nurse,2026,{B}", f"Elm,P1,nurse,2026,{A}")
    for choice, row in (("first", 1), ("last", 3)):
        table = read(text, duplicates=choice)
        assert table.frame["row"].to_list() == [row]
        assert [found.code for found in table.problems] == ["T040", "T040"]
        assert f"--duplicates {choice}" in table.problems[0].message
    with pytest.raises(AnswersError, match="No row could be scored"):
        read(text)


def test_rows_without_a_respondent_are_never_duplicates(read: Read) -> None:
    assert read(people(*[f"Elm, ,nurse,2026,{A}"] * 3)).frame.height == 3


def test_teams_go_by_practice_and_period(read: Read) -> None:
    text = people(f"Elm,P1,consensus,,{A}", f"Elm,P2,consensus,,{A}", f"Elm,P1,nurse,,{A}", f"Elm,P1,consensus,2026,{B}")
    table = read(text)
    assert table.frame["row"].to_list() == [1, 3, 4]
    assert codes(table.problems) == [("T038", 2, 3, "")]


def test_many_contradictions_name_a_few(read: Read) -> None:
    with pytest.raises(AnswersError) as caught:
        read(people(*(f"Elm,P1,nurse,2026,{number % 5},1,{number // 5},3,4,3,1" for number in range(20))))
    assert len(caught.value.problems) == 20
    assert "and 14 more" in caught.value.problems[0].message


# Several files


def test_several_files_are_one_cohort(tmp_path: Path, rubric: Rubric) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(people(f"Elm,P1,nurse,2026,{A}", f"Elm,P2,nurse,2026,{A}"))
    two.write_text(people(f"Elm,P1,nurse,2026,{A}", f"elm,P3,nurse,2026,{A}").replace("role", "Role"))
    table = read_plain_tables([one, two], rubric)
    assert table.frame.select("file", "row").rows() == [(str(one), 1), (str(one), 2), (str(two), 2)]
    assert (table.rows_read, table.rejected) == (4, 1)
    (found,) = table.problems
    assert (found.code, found.place.file, found.place.row) == ("T038", str(two), 1)
    assert f"line 2 of {one}" in found.message
    assert table.notices[0].startswith(f"{two}: Columns read under another spelling")
    assert "look like one" in table.notices[1]


def test_each_file_is_consensus_or_survey_by_itself(tmp_path: Path, rubric: Rubric) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(TEAMS)
    two.write_text(PEOPLE)
    table = read_plain_tables([one, two], rubric)
    assert table.frame["kind"].to_list() == ["consensus"] * 2 + ["respondent"] * 3
    assert codes(table.problems) == [("T039", 2, 3, ""), ("T039", 4, 5, "")]  # Oak has two agreed sets, one in each file


def test_a_refused_file_refuses_the_call_with_the_problems_of_all(tmp_path: Path, rubric: Rubric) -> None:
    good, bad, missing = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "missing.csv"
    good.write_text(TEAMS)
    bad.write_text("practice\nElm\n")
    with pytest.raises(AnswersError, match="2 files were not read") as caught:
        read_plain_tables([good, bad, missing], rubric)
    assert [(found.code, found.place.file) for found in caught.value.problems] == [("T020", str(bad)), ("T001", str(missing))]
    with pytest.raises(AnswersError, match="There is no file"):
        read_plain_tables([missing], rubric)


def test_a_file_named_twice_would_count_twice(tmp_path: Path, rubric: Rubric) -> None:
    (tmp_path / "one.csv").write_text(TEAMS)
    (tmp_path / "link.csv").symlink_to(tmp_path / "one.csv")
    for second in ("one.csv", "link.csv", "./one.csv"):
        with pytest.raises(UsageError, match="named twice"):
            read_plain_tables([tmp_path / "one.csv", tmp_path / second], rubric)


def test_when_no_row_is_left_the_table_is_refused_with_every_reason(read: Read) -> None:
    found = refusal(read, people(f",P1,nurse,2026,{A}", f"Elm,P2,nurse,soon,{A}", "Elm,P3,nurse,2026,,,,,,,", "Elm"))
    assert [entry.code for entry in found] == ["T030", "T033", "T034", "T010"]


# Properties

HOSTILE = [
    "\x1b]8;;http://x\x07y\x1b]8;;\x07",
    "\u202egnp.exe",
    "=cmd|'/c calc'!A1",
    "../../x",
    "[bold]x[/]",
    "<script>",
    "a\tb",
    "\x9b2J",
    "{x}",
    "%s",
    "\x00",
]
PRACTICES = st.sampled_from(["Elm", "elm", "Oak", "", "007", "null"])
ROWS = st.lists(
    st.tuples(
        PRACTICES,
        st.sampled_from(["P1", "P2", ""]),
        st.sampled_from(["nurse", "carer", "consensus", "who", ""]),
        st.sampled_from(["2026", "2026-Q1", "", "soon"]),
        *[st.sampled_from(["0", "1", "DK", ""])] * 7,
    ),
    min_size=1,
    max_size=8,
)


def table_or_nothing(read: Read, text: str | bytes, **choices: str) -> Table | None:
    try:
        return read(text, **choices)
    except PartnercheckError:
        return None


@settings(deadline=None)
@given(data=st.data(), rows=ROWS)
def test_the_order_of_rows_never_changes_what_is_read(data: st.DataObject, rows: list[tuple[str, ...]], read: Read) -> None:
    shuffled = data.draw(st.permutations(rows))
    one, other = (table_or_nothing(read, people(*map(",".join, order))) for order in (rows, shuffled))
    assume(one is not None)
    assert one is not None
    assert other is not None
    left, right = (sorted(map(repr, table.frame.drop("row", "line").iter_rows())) for table in (one, other))
    assert left == right
    assert (one.rows_read, one.rejected, one.first_line, one.notices) == (
        other.rows_read,
        other.rejected,
        other.first_line,
        other.notices,
    )
    assert sorted(found.code for found in one.problems) == sorted(found.code for found in other.problems)


@settings(deadline=None)
@given(
    rows=ROWS,
    place=st.integers(0, 300),
    junk=st.binary(max_size=6),
    cut=st.integers(0, 6),
    mode=st.sampled_from([None, "survey", "consensus"]),
)
def test_rows_in_are_rows_scored_and_rows_rejected(
    rows: list[tuple[str, ...]], place: int, junk: bytes, cut: int, mode: str | None, read: Read
) -> None:
    whole = people(*map(",".join, rows)).encode()
    mangled = whole[:place] + junk + whole[place + cut :]
    table = table_or_nothing(read, mangled, **({"mode": mode} if mode else {}))
    if table is not None:
        of_rows = [found for found in table.problems if found.code not in ("T036", "T037")]
        assert len(of_rows) == table.rejected
        assert sorted([*table.frame["row"], *(found.place.row for found in of_rows)]) == list(range(1, table.rows_read + 1))


@settings(deadline=None)
@given(st.data())
def test_nothing_in_a_cell_can_act_in_a_message(read: Read, data: st.DataObject) -> None:
    text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
    cells = [data.draw(text) for _ in range(11)]
    header = ",".join(["practice", "respondent", "role", "period", *ITEMS.split(",")])
    for line in (",".join(cells), ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)):
        for whole in (f"{header}\n{line}\nElm,P9,nurse,2026,{A}", f"{header},{cells[0]}\nElm,P9,nurse,2026,{A},x\n{line},x"):
            try:
                table = read(whole)
            except PartnercheckError as fault:
                shown = [fault.message, *map(render, fault.problems)]
            else:
                shown = [*map(render, table.problems), *table.notices, table.first_line, *table.unknown_columns]
                shown += [found.value + found.place.column for found in table.problems]
                names = [name for column in ("practice", "respondent") for name in table.frame[column] if name]
                assert not any(has_acting(name) for name in names)
            assert not any(has_acting(words, allowed="\n") for words in shown)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8))
def test_composed_and_decomposed_names_are_one_look_and_two_names(read: Read, name: str) -> None:
    apart = unicodedata.normalize("NFD", name)
    assume(apart != name)
    table = read(people(f"{name},P1,nurse,2026,{A}", f"{apart},P1,nurse,2026,{A}"))
    assert table.frame["practice"].n_unique() == 2
    assert any("look like one" in notice for notice in table.notices)


def test_a_file_name_cannot_act_either(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "x\x1b[2J\udcff.csv"
    path.write_text(people(f"Elm,P1,nurse,2026,{A}", "Elm", f",P1,nurse,2026,{A}"))
    table = read_plain_tables([path], rubric)
    assert not has_acting(table.frame["file"][0])
    assert {found.place.file for found in table.problems} == {table.frame["file"][0]}
