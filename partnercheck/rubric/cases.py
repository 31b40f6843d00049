"""The worked cases of a rubric: `ID.cases.yaml` beside it, answers of made-up practices and what should come of them.

    - name: One must-have missing
      why: Most answers fit Partnership, but nobody can say who decides.
      answers: {who_decides: consultation, who_learns: DK}     # left out: blank
      expect:                                                  # any part may be left out
        domains: {team: 91/36, choices: none}
        overall: 2.53
        proposed: partnership
        placed: involvement
        held_back_by: [who_decides]

Here they are only read; `scoring.cases` runs them, because a rubric knows nothing of scoring.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from partnercheck.problems import Problem, in_order, problem
from partnercheck.rubric.model import Rubric
from partnercheck.rubric.tree import Hints, shown_id, shown_text, text_of
from partnercheck.yamlfile import Document, Path_

KEYS = ("name", "why", "answers", "expect")
EXPECT_KEYS = ("domains", "overall", "proposed", "placed", "held_back_by")
NONE = "none"
_DECIMAL = re.compile(r"[0-9]{1,4}\.[0-9]{2,9}")
_FRACTION = re.compile(r"[0-9]{1,12}(/0*[1-9][0-9]{0,11})?")
_NANO = 10**9
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class ExpectedScore:
    """A score as the author wrote it. `exact` is None for "no score"; `places` counts the decimals, None if exact."""

    written: str
    exact: Fraction | None
    places: int | None = None

    def agrees(self, score: float | None) -> bool:
        """Whether a score (rounded to nine decimals, as scores are) is the one expected.

        An exact number is rounded half up to nine decimals; a decimal is compared with the score rounded half up to as
        many decimals as it has.
        """
        if score is None or self.exact is None:
            return score is None and self.exact is None
        # In billionths, as whole numbers, so that no comparison depends on a float's last digit.
        found = floor(Fraction(score) * _NANO + _HALF)
        if self.places is None:
            return found == floor(self.exact * _NANO + _HALF)
        shift = Fraction(10) ** self.places
        return bool(floor(Fraction(found, _NANO) * shift + _HALF) == self.exact * shift)


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. `expect` maps each thing expected to its value; `path` is its place in the document.

    Keys of `scores`: domain ids and `overall`. Keys of `stages`: `proposed` and `placed` (a stage id, or None for no
    placement). `held_back_by`: ids, None for no placement; `tells_held_back` says whether the case speaks of it at all.
    """

    name: str
    path: Path_
    why: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, ExpectedScore] = field(default_factory=dict)
    stages: Mapping[str, str | None] = field(default_factory=dict)
    held_back_by: tuple[str, ...] | None = None
    tells_held_back: bool = False


def cases_file(rubric_file: Path) -> Path:
    """Where the worked cases of a rubric's file would be: `ID.cases.yaml` beside `ID.yaml`."""
    return rubric_file.with_name(f"{rubric_file.stem}.cases.yaml")


def read_cases(document: Document, rubric: Rubric | None) -> tuple[list[Case], list[Problem]]:
    """The cases that can be run, and everything that is wrong with the others, in order.

    Without a rubric (it may have faults of its own) ids are not checked and no case is returned.
    """
    if document.data is None:
        return [], []
    if not isinstance(document.data, list):
        kind = "a text" if isinstance(document.data, str) else "a key"
        return [], [problem("Y012", document.place(()), found=kind, expected="- name: …")]
    if not document.data:
        return [], [problem("C010", document.place(()))]
    reader = _Reader(document, rubric)
    cases = [case for position, entry in enumerate(document.data) if (case := reader.case(entry, position)) is not None]
    return (cases if rubric is not None else []), in_order(reader.problems)


class _Reader:
    def __init__(self, document: Document, rubric: Rubric | None) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.hints = Hints()
        self.lines: dict[str, int | None] = {}
        self.items: Collection[str] | None = None
        self.domains: Collection[str] | None = None
        self.stages: Collection[str] | None = None
        if rubric is not None:
            self.items = set(rubric.item_ids)
            self.domains = {domain.id for domain in rubric.domains}
            self.stages = {stage.id for stage in rubric.stages}

    def case(self, entry: Any, position: int) -> Case | None:
        """One case, or None if anything in it cannot be used."""
        before = len(self.problems)
        path: Path_ = (position,)
        name = text_of(entry.get("name")) if isinstance(entry, dict) else ""
        where = f"case '{shown_text(name)}'" if name else f"case number {position + 1}"
        if not isinstance(entry, dict):
            self._wrong(path, "the list", str(position + 1), "a group of 'key: value' lines", entry)
            return None
        self._known(entry, path, where, KEYS)
        for key in ("name", "answers", "expect"):
            if key not in entry:
                self._report("C002", path, where=where, key=key)
        for key in ("name", "why"):
            if key in entry and not text_of(entry[key]):
                self._wrong((*path, key), where, key, "a text", entry[key])
        self._name(name, path)
        answers = self._answers(entry, path, where)
        expected = self._expected(entry, path, where)
        return Case(name, path, text_of(entry.get("why")), answers, **expected) if len(self.problems) == before else None

    def _name(self, name: str, path: Path_) -> None:
        if name in self.lines:
            self._report("C006", (*path, "name"), name=shown_text(name), first=self.lines[name])
        elif name:
            self.lines[name] = self.document.place((*path, "name")).line

    def _answers(self, entry: dict[str, Any], path: Path_, where: str) -> dict[str, str]:
        answers = self._mapping(entry, "answers", path, where)
        for item, answer in answers.items():
            here = (*path, "answers", item)
            self._id(item, self.items, here, f"the answers of {where}", "an item", key=True)
            if not isinstance(answer, str):
                self._wrong(here, where, item, "an answer", answer)
        return {item: answer for item, answer in answers.items() if isinstance(answer, str)}

    def _expected(self, entry: dict[str, Any], path: Path_, where: str) -> dict[str, Any]:
        expect = self._mapping(entry, "expect", path, where)
        path, where = (*path, "expect"), f"'expect' of {where}"
        if isinstance(entry.get("expect"), dict):
            self._known(expect, path, where, EXPECT_KEYS)
            if not any(key in expect for key in EXPECT_KEYS):
                self._report("C007", path, where=where, known=", ".join(EXPECT_KEYS))
        scores = dict(self._scores(expect, path, where))
        stages = {key: self._stage(expect[key], (*path, key), where, key) for key in ("proposed", "placed") if key in expect}
        held = self._held_back_by(expect["held_back_by"], path, where) if "held_back_by" in expect else None
        return {"scores": scores, "stages": stages, "held_back_by": held, "tells_held_back": "held_back_by" in expect}

    def _scores(self, expect: dict[str, Any], path: Path_, where: str) -> Iterator[tuple[str, ExpectedScore]]:
        domains = self._mapping(expect, "domains", path, where)
        for domain in domains:
            self._id(domain, self.domains, (*path, "domains", domain), f"'domains' of {where}", "a domain", key=True)
        written = [(name, value, (*path, "domains", name)) for name, value in domains.items()]
        if "overall" in expect:
            written.append(("overall", expect["overall"], (*path, "overall")))
        for name, value, here in written:
            score = _read_score(value)
            if score is None:
                shown = shown_text(value) if isinstance(value, str) else "a list or group"
                self._report("C005", here, where=f"'{shown_id(name)}' in {where}", shown=shown)
            else:
                yield name, score

    def _stage(self, value: Any, path: Path_, where: str, key: str) -> str | None:
        if not text_of(value):
            self._wrong(path, where, key, "a stage, or none", value)
            return None
        stage = text_of(value)
        if stage == NONE:
            return None
        self._id(stage, self.stages, path, where, "a stage")
        return stage

    def _held_back_by(self, value: Any, path: Path_, where: str) -> tuple[str, ...] | None:
        path = (*path, "held_back_by")
        if value == NONE:
            return None
        if not isinstance(value, list) or not all(text_of(entry) for entry in value):
            self._wrong(path, where, "held_back_by", "a list of ids (empty: []), or none", value)
            return None
        known = (
            None if self.items is None or self.domains is None else {*self.items, *(f"domain:{name}" for name in self.domains)}
        )
        for position, entry in enumerate(value):
            self._id(text_of(entry), known, (*path, position), f"'held_back_by' in {where}", "an item, or domain:ID,")
        return tuple(text_of(entry) for entry in value)

    def _mapping(self, entry: dict[str, Any], key: str, path: Path_, where: str) -> dict[str, Any]:
        value = entry.get(key, {})
        if isinstance(value, dict):
            return {name: inner for name, inner in value.items() if not name.startswith("x-")}
        self._wrong((*path, key), where, key, "a group of 'key: value' pairs", value)
        return {}

    def _known(self, entry: dict[str, Any], path: Path_, where: str, known: tuple[str, ...]) -> None:
        for key in entry:
            if key not in known and not key.startswith("x-"):
                words = {"key": shown_id(key), "where": where, "hint": self.hints.hint(key, known), "known": ", ".join(known)}
                self.problems.append(problem("C001", self.document.place((*path, key), key=True), **words))

    def _id(self, name: str, known: Collection[str] | None, path: Path_, where: str, kind: str, *, key: bool = False) -> None:
        if known is not None and name not in known:
            words = {"id": shown_id(name), "where": where, "kind": kind, "hint": self.hints.hint(name, known)}
            self.problems.append(problem("C004", self.document.place(path, key=key), **words))

    def _wrong(self, path: Path_, where: str, key: str, expected: str, found: Any) -> None:
        kind = "a list" if isinstance(found, list) else "a group of keys" if isinstance(found, dict) else f"'{shown_text(found)}'"
        self._report("C003", path, where=where, key=shown_id(key), expected=expected, found="nothing" if kind == "''" else kind)

    def _report(self, code: str, path: Path_, **words: object) -> None:
        self.problems.append(problem(code, self.document.place(path), value="", **words))


def _read_score(value: Any) -> ExpectedScore | None:
    text = text_of(value)
    if text == NONE:
        return ExpectedScore(text, None)
    if _DECIMAL.fullmatch(text):
        return ExpectedScore(text, Fraction(text), len(text.partition(".")[2]))
    return ExpectedScore(text, Fraction(text)) if _FRACTION.fullmatch(text) else None
