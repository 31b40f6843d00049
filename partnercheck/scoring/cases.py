"""Running a rubric's worked cases through the scorer, and saying where what came out is not what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from partnercheck.answers import UNREAD, Policy
from partnercheck.problems import Problem, problem
from partnercheck.rubric.cases import NONE, Case
from partnercheck.rubric.model import Rubric
from partnercheck.rubric.tree import shown_text
from partnercheck.scoring.score import score_rows
from partnercheck.yamlfile import Document


def run_cases(rubric: Rubric, cases: Sequence[Case], document: Document) -> list[Problem]:
    """Every way in which the cases do not come out as expected, in the order of the file."""
    return [found for _, problems in outcomes(rubric, cases, document) for found in problems]


def outcomes(rubric: Rubric, cases: Sequence[Case], document: Document) -> list[tuple[Case, list[Problem]]]:
    """Each case and its problems: none where it came out as expected."""
    policy = Policy(rubric)
    rows: list[dict[str, int]] = []
    unread: list[list[Problem]] = []
    for case in cases:
        codes = {item: policy.read(item, answer) for item, answer in case.answers.items()}
        rows.append({item: reading.code for item, reading in codes.items()})
        faults = [(item, reading.fault) for item, reading in codes.items() if reading.code == UNREAD]
        unread.append([_unreadable(case, item, fault, policy, document) for item, fault in faults])
    results = score_rows(rows, rubric) if rows else []
    # A case with an answer that cannot be read says nothing about the scoring.
    return [
        (case, faults or list(_differences(case, result, document)))
        for case, faults, result in zip(cases, unread, results, strict=True)
    ]


def _unreadable(case: Case, item: str, fault: str, policy: Policy, document: Document) -> Problem:
    told = policy.problem(item, case.answers[item], fault, document.place((*case.path, "answers", item)))
    return problem("C008", told.place, where=_where(case), reason=told.message, fix=told.fix)


def _differences(case: Case, result: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    for name, expected in case.scores.items():
        score = result[name]
        if not expected.agrees(score):
            path = ("overall",) if name == "overall" else ("domains", name)
            what = "overall" if name == "overall" else f"domain '{name}'"
            yield _failed(case, path, what, expected.written, NONE if score is None else _shown_score(score), document)
    for name, stage in case.stages.items():
        if result[name] != stage:
            yield _failed(case, (name,), name, stage or NONE, result[name] or NONE, document)
    if case.tells_held_back:
        text = result["held_back_by"]
        found = None if text is None else tuple(text.split())
        if (found is None) != (case.held_back_by is None) or set(found or ()) != set(case.held_back_by or ()):
            yield _failed(case, ("held_back_by",), "held_back_by", _ids(case.held_back_by), _ids(found), document)


def _failed(case: Case, path: tuple[str, ...], what: str, expected: str, found: str, document: Document) -> Problem:
    place = document.place((*case.path, "expect", *path))
    return problem("C009", place, where=_where(case), what=what, expected=expected, found=found)


def _where(case: Case) -> str:
    return f"case '{shown_text(case.name)}'"


def _shown_score(score: float) -> str:
    whole, _, decimals = f"{score:.9f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _ids(ids: tuple[str, ...] | None) -> str:
    return NONE if ids is None else f"[{', '.join(ids)}]"
