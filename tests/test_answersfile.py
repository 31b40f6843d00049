"""The answers file: what it may say, and everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnercheck.answers import BLANK, DK, NA, SPLIT, Answer
from partnercheck.errors import AnswersError, RubricError
from partnercheck.sources.answersfile import Given, read_answers_file
from rubrics import loaded, small_rubric

RUBRIC = loaded()

WHOLE = """\
format: 1
rubric: small
practice: Elm  Street
period: Q4 2026
present: {patient_partner: 2, nurse: 1}
confirmed_by_patients: partly
x-own: anything
answers:
  staff_time: 3
  paying: {answer: NA, reason: The law forbids it.}
  who_speaks: {answer: partnership, note: Everybody, evidence: Minutes of May}
  who_learns: DK
  how_often: SPLIT
  who_decides: ""
  x-later: not read
"""


def read(folder: Path, text: str, given: Given | None = None):  # type: ignore[no-untyped-def]
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return read_answers_file(path, given or Given(RUBRIC))[1]


def faults(folder: Path, text: str, given: Given | None = None) -> list[tuple[str, int | None, int | None]]:
    """The problems of a text as (code, line, position)."""
    with pytest.raises(AnswersError) as refused:
        read(folder, text, given)
    assert f"{len(refused.value.problems)} problem" in refused.value.message
    return [(found.code, found.place.line, found.place.position) for found in refused.value.problems]


def test_a_whole_file(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert (found.practice, found.period, found.profile) == ("Elm Street", "2026-Q4", "full")
    assert found.present == {"patient_partner": 2, "nurse": 1}
    assert found.confirmed_by_patients == "partly"
    assert found.is_consensus
    assert found.answers == {
        "staff_time": Answer(3),
        "paying": Answer(NA, reason="The law forbids it."),
        "who_speaks": Answer(3, note="Everybody", evidence="Minutes of May"),
        "who_learns": Answer(DK),
        "how_often": Answer(SPLIT),
        "who_decides": Answer(BLANK),
    }
    assert found.codes(RUBRIC)["who_designs"] == BLANK


def test_one_person(tmp_path: Path) -> None:
    found = read(tmp_path, "practice: Elm\nrespondent: P07\nrole: Patient partner\nanswers: {staff_time: 3}\n")
    assert (found.respondent, found.role, found.is_consensus) == ("P07", "patient_partner", False)


def test_options_beat_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, "practice: Elm\nperiod: 2025\nanswers: {who_decides: 3}\n", Given(RUBRIC, "Oak", "2026H2", "pulse"))
    assert (found.practice, found.period, found.profile) == ("Oak", "2026-H2", "pulse")


def test_the_rubric_is_found_by_the_name_in_the_file(tmp_path: Path, own_home: Path) -> None:
    (own_home / "rubrics").mkdir()
    (own_home / "rubrics" / "small.yaml").write_text(small_rubric())
    path = tmp_path / "answers.yaml"
    path.write_text(WHOLE)
    assert read_answers_file(path)[0].id == "small"
    path.write_text("practice: Elm\nanswers: {mat_time: 2}\n")
    assert read_answers_file(path)[0].id == "partnership-journey", "the default"


def test_a_rubric_with_faults_is_reported_as_such(tmp_path: Path, own_home: Path) -> None:
    (own_home / "rubrics").mkdir()
    (own_home / "rubrics" / "small.yaml").write_text(small_rubric(title=None))
    path = tmp_path / "answers.yaml"
    path.write_text(WHOLE)
    with pytest.raises(RubricError) as refused:
        read_answers_file(path)
    assert [found.code for found in refused.value.problems] == ["R002"]


@pytest.mark.parametrize("name", ["../small.yaml", "small.yaml", "/etc/passwd", "a\\\\b", "nowhere"])
def test_a_file_cannot_name_another_file_as_its_rubric(tmp_path: Path, name: str) -> None:
    assert faults(tmp_path, f'practice: Elm\nrubric: "{name}"\nanswers: {{mat_time: 2}}\n', Given()) == [("A014", 2, 9)]


FAULTY = {
    "no practice": ("answers: {staff_time: 3}", [("A011", 1, 1)]),
    "an empty practice": ("practice: ''\nanswers: {staff_time: 3}", [("A011", 1, 1)]),
    "no answers": ("practice: Elm", [("A011", 1, 1)]),
    "answers that are no group": ("practice: Elm\nanswers: 3", [("A013", 2, 10)]),
    "nothing answered": ("practice: Elm\nanswers: {staff_time: ''}", [("A019", 2, 10)]),
    "a list": ("- practice: Elm", [("Y012", 1, 1)]),
    "a text": ("Elm", [("Y012", 1, 1)]),
    "another format": ("format: 2\npractice: Elm\nanswers: {staff_time: 3}", [("A013", 1, 9)]),
    "an unknown key": ("practise: Elm\npractice: Elm\nanswers: {staff_time: 3}", [("A012", 1, 1)]),
    "an unknown question": ("practice: Elm\nanswers: {staf_time: 3}", [("A010", 2, 22)]),
    "an unreadable answer": ("practice: Elm\nanswers: {staff_time: 2.5}", [("A001", 2, 23)]),
    "a date": ("practice: Elm\nanswers: {staff_time: 2-3}", [("A001", 2, 23)]),
    "not applicable where it is not open": ("practice: Elm\nanswers: {staff_time: NA}", [("A003", 2, 23)]),
    "an unreadable answer with a note": ("practice: Elm\nanswers: {staff_time: {note: x, answer: 9}}", [("A001", 2, 41)]),
    "an unknown key of an answer": ("practice: Elm\nanswers: {staff_time: {answer: 3, nota: x}}", [("A012", 2, 35)]),
    "a list as answer": ("practice: Elm\nanswers: {staff_time: [3]}", [("A013", 2, 23)]),
    "a group as note": ("practice: Elm\nanswers: {staff_time: {answer: 3, note: {a: b}}}", [("A013", 2, 41)]),
    "one person who does not agree": ("practice: Elm\nrole: nurse\nanswers: {staff_time: SPLIT}", [("A004", 3, 23)]),
    "an unknown role": ("practice: Elm\nrole: nurze\nanswers: {staff_time: 3}", [("A010", 2, 7)]),
    "an unknown role of those present": ("practice: Elm\npresent: {nurze: 1}\nanswers: {staff_time: 3}", [("A010", 2, 18)]),
    "a count that is none": ("practice: Elm\npresent: {nurse: some}\nanswers: {staff_time: 3}", [("A013", 2, 18)]),
    "a list of those present": ("practice: Elm\npresent: [nurse]\nanswers: {staff_time: 3}", [("A013", 2, 10)]),
    "a team and a person": ("practice: Elm\npresent: {nurse: 1}\nrole: nurse\nanswers: {staff_time: 3}", [("A015", 2, 1)]),
    "a person without a role": ("practice: Elm\nrespondent: P7\nanswers: {staff_time: 3}", [("A011", 2, 13)]),
    "no period": ("practice: Elm\nperiod: last autumn\nanswers: {staff_time: 3}", [("A017", 2, 9)]),
    "an unknown profile": ("practice: Elm\nprofile: quick\nanswers: {staff_time: 3}", [("A010", 2, 10)]),
    "two questions the profile does not ask": ("practice: Elm\nprofile: pulse\nanswers: {staff_time: 3, paying: 2, who_decides: 3}", [("A018", 3, 23)]),
    "a question the profile does not ask": ("practice: Elm\nprofile: pulse\nanswers: {staff_time: 3, who_decides: 3}", [("A018", 3, 23)]),
    "another word of patients": ("practice: Elm\nconfirmed_by_patients: sure\nanswers: {staff_time: 3}", [("A013", 2, 24)]),
    "a hidden character in a name": ("practice: El\u200bm\nanswers: {staff_time: 3}", [("A016", 1, 11)]),
    "a name that is a list": ("practice: [Elm]\nanswers: {staff_time: 3}", [("A013", 1, 11)]),
    "a name without end": (f"practice: {'x' * 300}\nanswers: {{staff_time: 3}}", [("A013", 1, 11)]),
    "a key twice": ("practice: Elm\npractice: Oak\nanswers: {staff_time: 3}", [("Y010", 2, 1)]),
    "an escape that acts": ('practice: "\\e[2J"\nanswers: {staff_time: 3}', [("Y003", 1, 11), ("A016", 1, 11)]),
    "a tag": ("practice: !!python/name:os.system Elm\nanswers: {staff_time: 3}", [("Y007", 1, 11)]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTY.values(), ids=FAULTY)
def test_every_fault_is_named_with_its_place(tmp_path: Path, text: str, expected: list[tuple[str, int, int]]) -> None:
    assert sorted(faults(tmp_path, text)) == sorted(expected)


def test_all_faults_of_a_file_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = "practice: Elm\nperiod: soon\npresent: {nurze: 1}\nanswers:\n  staff_time: 9\n  nothing: 2\n  paying: 01-Feb\n"
    assert faults(tmp_path, text) == [("A017", 2, 9), ("A010", 3, 18), ("A001", 5, 15), ("A010", 6, 12), ("A001", 7, 11)]


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    with pytest.raises(AnswersError) as refused:
        read(tmp_path, "practice: Elm\nanswers: {staf_time: 3}\n")
    assert "did you mean 'staff_time'?" in refused.value.problems[0].sentence


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("practice: Elm\npresent: nurse 2\nanswers: {staff_time: 3}", "Write it so: present: {patient_partner: 2}"),
        ("practice: Elm\nanswers:\n  - staff_time 3", "such as: staff_time: 2"),
        ("practice: Elm\nanswers: {staff_time: involvment}", "did you mean 'involvement'?"),
    ],
)
def test_what_to_do_is_said_by_example(tmp_path: Path, text: str, fix: str) -> None:
    with pytest.raises(AnswersError) as refused:
        read(tmp_path, text)
    assert fix in refused.value.problems[0].sentence


def test_a_text_that_a_comment_cuts_short_is_read_and_pointed_out(tmp_path: Path) -> None:
    text = "practice: Elm #2 Street\nanswers:\n  staff_time: 3  # a comment\n  paying: {answer: 2, note: 'room #4'}\n"
    found = read(tmp_path, text)
    assert found.practice == "Elm"
    assert [(remark.code, remark.place.line, remark.place.position, remark.severity) for remark in found.remarks] == [
        ("A020", 1, 15, "warning")
    ]
    assert found.answers["paying"].note == "room #4"
    block = read(tmp_path, "practice: Elm\nanswers:\n  staff_time:\n    answer: 3\n    note: We meet in room #4 every week\n")
    assert [(remark.code, remark.place.line) for remark in block.remarks] == [("A020", 5)]


@pytest.mark.parametrize("key", ["note", "reason", "evidence"])
def test_a_note_on_the_line_of_a_fault_is_not_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(AnswersError) as refused:
        read(tmp_path, f"practice: Elm\nanswers: {{staff_time: {{answer: 9, {key}: CANARY}}, nothing: 3}}\n")
    shown = "".join(entry.sentence + entry.place.source + entry.value for entry in refused.value.problems)
    assert "CANARY" not in shown
    assert f"answer: 9, {key}:…" in shown


@pytest.mark.parametrize("text", ["", "# only a comment\n", "practice: [", "\x00", "a: &x b\nc: *x\n", "[" * 20_000])
def test_what_is_no_answers_file_at_all(tmp_path: Path, text: str) -> None:
    codes = {code for code, _, _ in faults(tmp_path, text)}
    assert codes <= {"Y003", "Y004", "Y005", "Y006", "Y009", "Y012"}
    assert codes


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match="no file"):
        read_answers_file(tmp_path / "none.yaml")
    with pytest.raises(AnswersError, match=r"folder|not a file"):
        read_answers_file(tmp_path)
