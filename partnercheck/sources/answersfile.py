"""The answers file: one round's answers as YAML, written by hand, by a form or by `export`.

    rubric: partnership-journey          # an id; a rubric in a file is named with --rubric
    practice: Elm Street Surgery
    period: 2026-Q4
    present: {patient_partner: 2, nurse: 1}      # a team's agreed answers; or, for one person:
    # respondent: P07
    # role: nurse
    answers:
      mat_time: 2
      mat_access: involvement
      tec_data: DK
      mat_pay: {answer: NA, reason: Our employer does not allow it., note: Checked in May.}

Read by the one policy of `answers`; a missing item is blank. Any problem and nothing is taken from the file: all of
them are listed. Text in it is data: it names no file and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from partnercheck import yamlfile
from partnercheck.answers import BLANK, UNREAD, Answer, Assessment, Policy
from partnercheck.clean import has_acting
from partnercheck.errors import AnswersError, RubricError
from partnercheck.folding import fold
from partnercheck.periods import read_period
from partnercheck.problems import Problem, in_order, problem
from partnercheck.rubric.loader import DEFAULT_RUBRIC, load_rubric
from partnercheck.rubric.model import Rubric
from partnercheck.rubric.tree import nearest, shown_id, shown_value

KEYS = ("format", "rubric", "practice", "period", "profile", "present", "respondent", "role", "confirmed_by_patients", "answers")
ANSWER_KEYS = ("answer", "note", "reason", "evidence")
CONFIRMED = ("yes", "partly", "no", "not_asked")
_FREE_TEXTS = frozenset({"practice", "respondent", "note", "reason", "evidence"})
_NOTE = re.compile(r"(?<=note:)|(?<=reason:)|(?<=evidence:)")
NAME_LIMIT = 200
_COUNT = re.compile(r"0|[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says; it beats the file."""

    rubric: Rubric | None = None
    practice: str | None = None
    period: str | None = None
    profile: str | None = None
    data_folder: Path | None = None


def read_answers_file(path: Path, given: Given | None = None) -> tuple[Rubric, Assessment]:
    """The rubric and the assessment of an answers file.

    Raises `AnswersError`, which carries every problem, where anything in the file cannot be used; `RubricError` where
    the rubric it names has faults of its own.
    """
    document, problems = yamlfile.read_file(path, AnswersError)
    reader = _Reader(document, given or Given())
    reader.problems.extend(problems)
    if document.data is not None:
        reader.read()
    if reader.problems or reader.rubric is None:
        found = [_without_notes(entry) for entry in in_order(set(reader.problems))]
        count = f"{len(found)} problem{'s' * (len(found) != 1)}"
        raise AnswersError(f"Nothing was taken from '{path}': {count} to put right first.", found)
    return reader.rubric, reader.assessment


def _without_notes(found: Problem) -> Problem:
    """A problem whose source line stops where a note begins: what people wrote is not for whoever mends the file."""
    source = _NOTE.split(found.place.source, maxsplit=1)[0]
    return found if source == found.place.source else replace(found, place=replace(found.place, source=source + "…"))


@dataclass
class _Reader:
    document: yamlfile.Document
    given: Given
    problems: list[Problem] = field(default_factory=list)
    rubric: Rubric | None = None
    assessment: Assessment = field(default_factory=Assessment)

    def read(self) -> None:
        data = self.document.data
        if not isinstance(data, dict):
            self._add("Y012", (), found="a list" if isinstance(data, list) else "a text", expected="practice: …")
            return
        self._unknown_keys((), data, KEYS, "the answers file")
        if data.get("format", "1") != "1":
            self._add(
                "A013", ("format",), where="the answers file", key="format", expected="1", found=shown_value(data["format"])
            )
        self.rubric = self._rubric(data)
        if self.rubric is None:
            return
        role = self._role(self._text(data, "role"))
        profile = self._profile(data)
        answers = self._answers(data, profile, consensus=not role)
        self.assessment = Assessment(
            practice=self._practice(data),
            period=self._period(data),
            profile=profile,
            present=self._present(data),
            respondent=self._text(data, "respondent"),
            role=role,
            confirmed_by_patients=self._confirmed(data),
            answers=answers,
            remarks=tuple(self._cut_short()),
        )
        self._go_together(data)

    def _cut_short(self) -> Iterator[Problem]:
        """Names and notes that end where a comment begins."""
        for path, mark in self.document.cut.items():
            if path[-1] in _FREE_TEXTS:
                yield problem("A020", self.document.at(*mark))

    def _add(self, code: str, path: tuple[str | int, ...], *, at_key: bool = False, value: str = "", **words: object) -> None:
        if code == "A013":
            words.setdefault("fix", "Change the value.")
        self.problems.append(problem(code, self.document.place(path, key=at_key), value=value, **words))

    def _unknown_keys(self, path: tuple[str | int, ...], data: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        for key in data:
            if key not in known and not key.startswith("x-"):
                hint = nearest(key, known)
                self._add("A012", (*path, key), at_key=True, key=shown_id(key), where=where, hint=hint, known=", ".join(known))

    def _text(self, data: Mapping[str, Any], key: str) -> str:
        """A name of at most one line; one with hidden characters is a problem, as in a table."""
        value = data.get(key, "")
        if not isinstance(value, str):
            self._add("A013", (key,), where="the answers file", key=key, expected="a text", found=shown_value(value))
            return ""
        if has_acting(value):
            self._add("A016", (key,), where=f"'{key}'", value=value)
            return ""
        if len(value) > NAME_LIMIT:
            self._add(
                "A013",
                (key,),
                where="the answers file",
                key=key,
                expected=f"at most {NAME_LIMIT} characters",
                found=f"{len(value)}",
            )
            return ""
        return " ".join(value.split())

    def _rubric(self, data: Mapping[str, Any]) -> Rubric | None:
        if self.given.rubric is not None:
            return self.given.rubric
        name = self._text(data, "rubric") or DEFAULT_RUBRIC
        if "/" in name or "\\" in name or name.endswith(".yaml"):
            self._add("A014", ("rubric",), reason="an answers file names a rubric by its id, not by a file")
            return None
        try:
            return load_rubric(name, data_folder=self.given.data_folder)
        except RubricError as fault:
            if fault.problems:
                raise
            self._add("A014", ("rubric",), reason=fault.message)
            return None

    def _practice(self, data: Mapping[str, Any]) -> str:
        name = self.given.practice or self._text(data, "practice")
        if not name and not any(found.place.line == self.document.line(("practice",)) for found in self.problems):
            self._add("A011", (), key="practice", rule="With assess, its name can also be given as --practice.")
        return name

    def _period(self, data: Mapping[str, Any]) -> str | None:
        text = self.given.period or self._text(data, "period")
        period = read_period(text) if text else None
        if text and period is None:
            self._add("A017", ("period",), period=text)
        return period

    def _profile(self, data: Mapping[str, Any]) -> str:
        assert self.rubric is not None
        name = self.given.profile or self._text(data, "profile") or "full"
        known = ["full", *self.rubric.profiles]
        if name not in known:
            self._add("A010", ("profile",), id=name, kind="a profile", hint=nearest(name, known), known=", ".join(known))
            return "full"
        return name

    def _role(self, text: str) -> str:
        """The id of a role given by its id or name."""
        assert self.rubric is not None
        if not text:
            return ""
        known = {fold(word): role.id for role in self.rubric.roles for word in (role.id, role.name)}
        if fold(text) not in known:
            names = [role.id for role in self.rubric.roles]
            self._add("A010", ("role",), id=text, kind="a role", hint=nearest(text, names), known=", ".join(names))
        return known.get(fold(text), text)

    def _example_role(self) -> str:
        return self.rubric.roles[0].id if self.rubric and self.rubric.roles else "patient_partner"

    def _present(self, data: Mapping[str, Any]) -> dict[str, int]:
        assert self.rubric is not None
        value = data.get("present", {})
        if not isinstance(value, dict):
            self._add(
                "A013",
                ("present",),
                where="the answers file",
                key="present",
                expected="a group of roles and numbers",
                found=shown_value(value),
                fix=f"Write it so: present: {{{self._example_role()}: 2}}",
            )
            return {}
        names = [role.id for role in self.rubric.roles]
        counts = {}
        for role, count in value.items():
            if role not in names:
                self._add(
                    "A010", ("present", role), id=shown_id(role), kind="a role", hint=nearest(role, names), known=", ".join(names)
                )
            elif not isinstance(count, str) or not _COUNT.fullmatch(count):
                self._add(
                    "A013",
                    ("present", role),
                    where="'present'",
                    key=role,
                    expected="a number of people",
                    found=shown_value(count),
                )
            else:
                counts[role] = int(count)
        return counts

    def _confirmed(self, data: Mapping[str, Any]) -> str:
        value = self._text(data, "confirmed_by_patients") or "not_asked"
        if value not in CONFIRMED:
            self._add(
                "A013", ("confirmed_by_patients",), where="the answers file", key="confirmed_by_patients",
                expected="yes, partly, no or not_asked", found=shown_value(value),
            )  # fmt: skip
        return value

    def _answers(self, data: Mapping[str, Any], profile: str, *, consensus: bool) -> dict[str, Answer]:
        assert self.rubric is not None
        if "answers" not in data:
            self._add("A011", (), key="answers", rule="Below it, a line 'question id: answer' for each question.")
            return {}
        value = data["answers"]
        if not isinstance(value, dict):
            self._add(
                "A013",
                ("answers",),
                where="the answers file",
                key="answers",
                expected="a group of questions and answers",
                found=shown_value(value),
                fix=f"Below 'answers:', indented, a line for each question, such as: {self.rubric.item_ids[0]}: 2",
            )
            return {}
        policy = Policy(self.rubric)
        known, asked = self.rubric.item_ids, self.rubric.profile_items(profile)
        answers = {}
        unasked = [item_id for item_id in value if item_id in known and item_id not in asked]
        for item_id, given in value.items():
            if item_id.startswith("x-"):
                continue
            if item_id not in known:
                self._add(
                    "A010",
                    ("answers", item_id),
                    id=shown_id(item_id),
                    kind="a question",
                    hint=nearest(item_id, known),
                    known=", ".join(known),
                )
            elif item_id in asked:
                answers[item_id] = self._answer(policy, item_id, given, consensus=consensus)
        if unasked:
            count = f"{len(unasked)} answer{'s' * (len(unasked) != 1)}"
            named = ", ".join(unasked[:3]) + (", …" if len(unasked) > 3 else "")
            self._add("A018", ("answers", unasked[0]), count=count, profile=profile, items=named)
        if not self.problems and all(answer.code == BLANK for answer in answers.values()):
            self._add("A019", ("answers",))
        return answers

    def _answer(self, policy: Policy, item_id: str, given: Any, *, consensus: bool) -> Answer:
        path: tuple[str | int, ...] = ("answers", item_id)
        parts: Mapping[str, Any] = given if isinstance(given, dict) else {"answer": given}
        self._unknown_keys(path, parts if isinstance(given, dict) else {}, ANSWER_KEYS, f"the answer to '{item_id}'")
        texts = {}
        for key in ANSWER_KEYS:
            text = parts.get(key, "")
            if isinstance(text, str):
                texts[key] = text
            else:
                place = (*path, key) if isinstance(given, dict) else path
                self._add("A013", place, where=f"the answer to '{item_id}'", key=key, expected="a text", found=shown_value(text))
                texts[key] = ""
        reading = policy.read(item_id, texts["answer"], consensus=consensus)
        if reading.code == UNREAD:
            here = self.document.place((*path, "answer") if isinstance(given, dict) else path)
            fault = "A001" if reading.fault == "A002" else reading.fault  # no spreadsheet had a hand in this file
            self.problems.append(policy.problem(item_id, texts["answer"], fault, here))
        return Answer(reading.code, texts["note"].strip(), texts["reason"].strip(), texts["evidence"].strip())

    def _go_together(self, data: Mapping[str, Any]) -> None:
        if "present" in data and ("role" in data or "respondent" in data):
            self._add("A015", ("present",), at_key=True)
        elif "respondent" in data and "role" not in data:
            self._add(
                "A011", ("respondent",), key="role", rule="With 'respondent:' the answers are one person's; say in which role."
            )
