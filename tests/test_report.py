"""The report: what it says of a round, the same in every format, plain and true; and that no text in it can act."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from partnercheck.answers import BLANK, DK, NA, SPLIT, Answer, Assessment
from partnercheck.reports import jsonreport, markdown, plain, terminal
from partnercheck.reports.formats import as_text
from partnercheck.reports.schemas import schema_of
from partnercheck.reports.view import ReportView, report_view
from partnercheck.rubric.model import Rubric
from rubrics import SMALL, edited, loaded, small_rubric

RUBRIC = loaded()
TEAM = {"patient_partner": 2, "nurse": 1}


def team(
    everywhere: int = 3, *, present: dict[str, int] | None = None, notes: dict[str, Answer] | None = None, **answers: int
) -> Assessment:
    codes = dict.fromkeys(RUBRIC.item_ids, everywhere) | answers
    given = {item_id: Answer(code) for item_id, code in codes.items()} | (notes or {})
    return Assessment("Elm Street", "2026-Q4", present=TEAM if present is None else present, answers=given)


def view(assessment: Assessment, rubric: Rubric = RUBRIC, **options: Any) -> ReportView:
    return report_view(assessment, rubric, **options)


def drawn(found: ReportView, width: int = 80, *, colour: bool = False) -> str:
    target = io.StringIO()
    console = Console(
        file=target,
        width=width,
        force_terminal=colour,
        color_system="256" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    terminal.draw(found, console)
    return target.getvalue()


def every_format(found: ReportView) -> dict[str, str]:
    return {
        "terminal": drawn(found, colour=True),
        "narrow": drawn(found, 40),
        "plain": as_text(found, "plain"),
        "markdown": as_text(found, "markdown"),
        "json": as_text(found, "json"),
    }


SITUATIONS = {
    "placed where the score is": team(),
    "held back by a must-have": team(who_decides=1),
    "held back by two": team(everywhere=4, who_decides=2, who_learns=1),
    "held back by an area": team(everywhere=4, who_speaks=1, who_learns=2, how_often=0),
    "held back by what is not known": team(who_learns=DK),
    "incomplete": team(staff_time=DK, paying=SPLIT),
    "incomplete and yet certain": team(everywhere=0, how_often=BLANK, who_learns=BLANK),
    "not yet": team(everywhere=0),
    "the top": team(everywhere=4),
    "nothing answered": team(everywhere=BLANK),
    "only don't-knows": team(everywhere=DK),
    "something not applicable": team(paying=NA),
    "staff only": team(present={"nurse": 3}),
    "nobody said who was there": team(present={}),
    "one person": Assessment("Elm", None, respondent="P7", role="nurse", answers={i: Answer(2) for i in RUBRIC.item_ids}),
    "a pulse": Assessment("Elm", "2026-Q4", "pulse", TEAM, answers={"who_decides": Answer(3), "who_learns": Answer(1), "who_designs": Answer(DK)}),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_in_every_format(situation: str) -> None:
    found = view(SITUATIONS[situation])
    for name, text in every_format(found).items():
        words = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split()).replace("\\", "")
        assert found.footer in words, name
        assert "None" not in words.replace("No", ""), name
        assert "nan" not in words.lower().split(), name
    jsonschema.validate(json.loads(jsonreport.render(found)), schema_of("report"))


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_is_wider_than_the_screen_but_addresses(situation: str, width: int) -> None:
    for line in drawn(view(SITUATIONS[situation]), width).splitlines():
        assert len(line) <= width or "https://" in line, line
        assert line == line.rstrip()


class TestSentences:
    def test_where_the_score_is(self) -> None:
        assert view(team()).sentences == ("We place you at Partnership. Patients share in the choices.",)

    def test_held_back_by_one_answer(self) -> None:
        found = view(team(who_decides=1))
        assert found.sentences == (
            "Most of your answers fit Partnership. We place you at Involvement, because of one answer: who decides.",
            "You chose 1: Staff decide alone. Sharing a choice is what makes partners.",
            "This does not undo the good work in your other answers.",
        )
        assert found.held_back_by == ("who_decides",)
        assert found.strip.stop == 2.5
        assert found.strip.stop_reason == "one must-have stops here"

    def test_most_is_said_only_of_most(self) -> None:
        found = view(team(everywhere=2, staff_time=4, paying=4, who_speaks=3))
        assert (found.proposed, found.placed) == ("partnership", "involvement")
        assert found.sentences[0].startswith("Taken together, your answers fit Partnership.")

    def test_several_answers_and_areas(self) -> None:
        assert "because of two answers: who learns and who decides." in view(SITUATIONS["held back by two"]).sentences[0]
        found = view(SITUATIONS["held back by an area"])
        assert "because of one area further back: The team." in found.sentences[0]
        assert found.sentences[1].startswith("The team is at Consultation.")

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (DK, "You do not know yet. A must-have needs an answer, so find out first."),
            (SPLIT, "You do not agree yet. A must-have needs an agreed answer, so talk about it first."),
            (BLANK, "You have no answer yet. A must-have needs one, so answer it first."),
        ],
    )
    def test_an_open_must_have_is_told_as_what_it_is(self, state: int, said: str) -> None:
        assert said in view(team(who_learns=state)).sentences[1]

    def test_incomplete_is_no_dead_end(self) -> None:
        found = view(team(staff_time=DK, paying=SPLIT))
        assert found.sentences == (
            "We cannot place you yet. One area needs more answers: Time and money (0 of 2). Whatever you find out, you are between Involvement and Partnership; these two answers decide it.",
        )
        assert found.possible == ("involvement", "partnership")
        assert (found.strip.low, found.strip.high, found.score_text) == (2, 3, "")

    def test_incomplete_and_yet_certain(self) -> None:
        assert (
            view(SITUATIONS["incomplete and yet certain"])
            .sentences[0]
            .endswith("Whatever you find out, you are between Not yet and Consultation; these two answers decide it.")
        )
        assert view(team(everywhere=4, who_decides=1, staff_time=DK)).sentences[0].endswith("you are at Involvement.")

    def test_a_pulse_has_must_haves_and_no_score(self) -> None:
        found = view(SITUATIONS["a pulse"])
        assert found.sentences[0] == "Must-haves in place: 1 of 3."
        assert [(entry.name, entry.state) for entry in found.must_haves] == [
            ("Who learns", "not in place"),
            ("Who decides", "in place"),
            ("Who designs", "still open"),
        ]
        assert (found.score, found.placed, found.domains, found.certainty) == (None, "", (), "")

    def test_how_sure(self) -> None:
        assert (
            view(team()).certainty
            == "on the boundary between Involvement and Partnership: one answer a stage different would move you (who decides)."
        )
        assert (
            view(team(everywhere=1)).certainty
            == "at Consultation. None of the answers you gave would move you, if it were one stage higher or lower."
        )

    def test_how_sure_counts_what_is_still_open(self) -> None:
        found = view(team(who_learns=SPLIT))
        assert found.placed == "involvement"
        assert found.certainty.endswith("One answer that is still open could move you to Partnership: who learns.")
        mended = view(team(who_learns=3))
        assert mended.placed == "partnership", "and so it can"
        assert "still open" not in view(team(how_often=DK)).certainty, "this one could move nothing"

    def test_distance_to_a_must_have(self) -> None:
        assert (
            view(team(who_decides=1)).next_steps[0].distance
            == "This is the first of two steps. After the second, the must-have for Partnership is in place."
        )
        assert view(team(who_decides=2)).next_steps[0].distance == "With this one step the must-have for Partnership is in place."
        assert (
            view(team(who_learns=DK)).next_steps[0].distance == "This is a must-have for Partnership. Settle first where you are."
        )

    def test_a_reduced_rubric_is_said(self) -> None:
        text = small_rubric(profiles=None).replace(
            "        topics: [teamwork]", "        topics: [teamwork]\n        not_applicable: true"
        )
        rubric = loaded(
            text.replace("    requires: {who_decides: partnership, who_learns: involvement}\n", "").replace(
                "    requires: {who_designs: codesign}\n", ""
            )
        )
        assert view(team(who_speaks=NA), rubric).reduced == ""
        assert view(team(who_speaks=NA, who_learns=NA), rubric).reduced.startswith(
            "Scored on a reduced rubric: 2 of 7 questions do not apply."
        )


class TestVoices:
    def test_staff_view_only_is_the_headline_in_every_format(self) -> None:
        for present in ({"nurse": 3}, {}, {"nurse": 1, "patient_partner": 0}):
            found = view(team(present=present))
            assert found.headline == "Staff view only"
            for name, text in every_format(found).items():
                assert "staff view only" in text.lower(), name
        lines = plain.lines(view(team(present={"nurse": 3})))
        assert lines[0].startswith(
            "Staff view only. Nobody from the patients is named among the people who answered. This report shows how staff see it."
        )
        assert plain.lines(view(team(present={})))[0].startswith("Staff view only. The answers do not say who was here")
        assert view(team(present={})).sentences[0].startswith("We place you at Partnership, as staff see it.")

    def test_with_a_patient_there_is_none_and_the_score_is_the_same(self) -> None:
        assert view(team()).headline == ""
        assert view(team()).score == view(team(present={})).score

    def test_one_person_is_not_a_team(self) -> None:
        found = view(SITUATIONS["one person"])
        assert (found.headline, found.mode) == ("One person's view", "respondent")
        assert "P7" not in "".join(every_format(found).values()), "who answered is nobody's business"

    @pytest.mark.parametrize(
        ("word", "said"), [("yes", "yes."), ("partly", "partly."), ("no", ": no."), ("not_asked", "Ask your patient partners")]
    )
    def test_whether_patients_would_say_the_same(self, word: str, said: str) -> None:
        found = view(Assessment("Elm", present=TEAM, confirmed_by_patients=word, answers={i: Answer(3) for i in RUBRIC.item_ids}))
        assert said in found.confirmed


class TestParts:
    def test_the_lowest_stage_offers_the_page_how_to_start(self) -> None:
        rubric = loaded(small_rubric(start="Ask two patients."))
        assert view(team(everywhere=0), rubric).start == "Ask two patients."
        assert view(team(everywhere=BLANK), rubric).start == "Ask two patients."
        assert view(team(), rubric).start == ""
        assert "Ask two patients." in plain.lines(view(team(everywhere=0), rubric))

    def test_cautions_stand_beside_the_placement(self) -> None:
        found = view(team(paying=1, staff_time=4))
        assert found.cautions == ("Patients work unpaid.",)
        assert all("Patients work unpaid." in text for text in every_format(found).values())

    def test_what_to_talk_about_find_out_and_answer(self) -> None:
        found = view(team(staff_time=SPLIT, who_speaks=DK, how_often=BLANK))
        assert found.talk[0].startswith("You do not agree on this yet: Do staff have time")
        assert found.find_out == ("Who speaks at the meetings? Who could find out, and by when?",)
        assert found.missing == ("How often do you meet? (how_often)",)

    def test_a_top_answer_without_an_example_is_marked_and_an_na_without_a_reason(self) -> None:
        marked = {answer.item: answer.flag for answer in view(team(everywhere=3, who_decides=4, paying=NA)).answers}
        assert marked["paying"] == "no reason given"
        top = loaded(
            edited("    requires: {who_designs: codesign}", "    requires: {who_designs: codesign}\n    ask_example: true")
        )
        found = view(team(who_decides=4, notes={"who_learns": Answer(4, note="In May")}), top)
        assert {answer.item: answer.flag for answer in found.answers if answer.flag} == {"who_decides": "no example noted"}

    def test_notes_reasons_and_evidence_only_when_asked_for(self) -> None:
        notes = {"paying": Answer(NA, reason="CANARY1"), "who_decides": Answer(3, note="CANARY2", evidence="CANARY3")}
        hidden, open_ = view(team(notes=notes)), view(team(notes=notes), with_notes=True)
        for name, text in every_format(hidden).items():
            assert "CANARY" not in text, name
        for name, text in every_format(open_).items():
            assert all(f"CANARY{n}" in text for n in (1, 2, 3)), name

    def test_resources_with_publisher_address_and_for_whom(self) -> None:
        for name, text in every_format(view(team(staff_time=1, paying=4))).items():
            words = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split()).replace("\\", "")
            assert "https://example.org/time" in words, name
            if name != "json":
                assert "A guide to time and money. A public body, 2020." in words, name
                assert "Written for practices." in words, name

    def test_every_answer_stands_in_markdown_and_json(self) -> None:
        found = view(SITUATIONS["incomplete"])
        assert len(json.loads(jsonreport.render(found))["answers"]) == 7
        rendered = MarkdownIt("commonmark").enable("table").render(markdown.render(found))
        for item in RUBRIC.items:
            assert item.ask.replace("&", "&amp;") in rendered

    def test_the_first_thing_to_try_is_not_given_to_those_who_are_beyond_it(self) -> None:
        text = edited(
            "        why: Sharing a choice is what makes partners.",
            "        why: Sharing a choice is what makes partners.\n        try: Decide one small thing together.",
        )
        rubric = loaded(text)
        tries = {
            points: {step.item: step.try_it for step in view(team(who_decides=points), rubric).next_steps} for points in (1, 3)
        }
        assert tries[1]["who_decides"] == "Decide one small thing together."
        assert tries[3]["who_decides"] == ""

    def test_numbers_are_the_same_in_every_format(self) -> None:
        found = view(team(who_decides=1))
        score = json.loads(jsonreport.render(found))
        assert (score["score"], score["score_text"], score["index"]) == (2.666666667, "2.7", 67)
        for name, text in every_format(found).items():
            assert "2.7" in text.replace("\\", ""), name
        for name in ("terminal", "plain", "markdown"):
            assert "67" not in every_format(found)[name], "the index would be read as a grade"


HOSTILE = [
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "\x1b[2J\x1b[31mred", "\u202eright to left", "zero\u200bwidth", "[bold red]markup[/]",
    "<script>alert(1)</script>", "# Heading", "| a | b |", "![x](https://evil.example/p.png)", "[x](https://evil.example)", "- item\n- item", "`code`",
    "https://evil.example", "www.evil.example", "*bold* _it_ ~~no~~", "&lt;b&gt;", "=2+2", "1. one", "---", "+ plus", "\x9b2J", "${7*7}", "{{7*7}}", "@someone", "//evil.example/x",
]  # fmt: skip


def acting(text: str) -> list[str]:
    """Characters that act on a screen, those that the colours of our own need aside."""
    own = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return [
        char
        for char in own
        if (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u200b\U000e0041\U000e0100\ufff0"
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_names_and_notes_never_acts(hostile: str) -> None:
    def census(text: str) -> tuple[Counter[str], list[str]]:
        tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(markdown.render(view_of(text)))
        flat = [token for block in tokens for token in (block, *(block.children or []))]
        return Counter(token.type for token in flat if token.type != "softbreak"), [
            str(token.attrs.get("href")) for token in flat if "href" in token.attrs
        ]

    def view_of(text: str) -> ReportView:
        answers = {i: Answer(3, note=text) for i in RUBRIC.item_ids} | {"paying": Answer(NA, reason=text)}
        return view(Assessment(text, "2026-Q4", present=TEAM, answers=answers), with_notes=True)

    for name, text in every_format(view_of(hostile)).items():
        assert acting(text) == [], name
    assert census(hostile) == census("Elm Street")


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "\x1b" not in text and "\x9b" not in text])
def test_hostile_text_in_a_rubric_never_acts(hostile: str) -> None:
    as_yaml = json.dumps(hostile + " text")
    text = SMALL
    for old in (
        "Patients share in the choices.",
        "who decides",
        "Staff decide alone.",
        "Sharing a choice is what makes partners.",
        "A public body",
        "Patients work unpaid.",
    ):
        key = f": {old}\n"
        text = text.replace(key, f": {as_yaml}\n").replace(f"say: {old}", f"say: {as_yaml}")
    rubric = loaded(text)
    for name, drawn_text in every_format(view(team(who_decides=1, paying=1), rubric)).items():
        assert acting(drawn_text) == [], name


@pytest.mark.parametrize("hostile", ["\u202eBIDI", "zero\u200bwidth", "tag\U000e0041", "vs\U000e0100", "\ufff0"])
def test_a_hostile_stage_name_never_acts(hostile: str) -> None:
    text = SMALL.replace("name: Involvement,", f"name: {json.dumps(hostile, ensure_ascii=False)},")
    for name, drawn_text in every_format(view(team(who_decides=1), loaded(text))).items():
        assert hostile not in drawn_text, name
        assert acting(drawn_text) == [], name


def test_json_escapes_what_could_act_in_a_terminal() -> None:
    found = view(Assessment("\x1b[2J\u202e", "2026-Q4", present=TEAM, answers={i: Answer(3) for i in RUBRIC.item_ids}))
    text = jsonreport.render(found)
    assert acting(text) == []
    assert json.loads(text)["practice"] == "\x1b[2J\u202e", "the data is kept to the last character"


def test_the_files_of_the_formats(tmp_path: Path) -> None:
    found = view(team())
    assert as_text(found, "terminal") == as_text(found, "plain")
    assert as_text(found, "markdown").startswith("# Elm Street: A small rubric\n")
    assert as_text(found, "plain").endswith("\n")
