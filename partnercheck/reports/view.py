"""The one view of a result, from which every format is drawn: terminal, plain, Markdown, JSON.

`report_view` puts everything a reader may see into words and texts, once. A renderer lays out what is here and adds no
number, no rule and no fact of its own. Texts are data: cleaned where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partnercheck.answers import Assessment
from partnercheck.clean import clean
from partnercheck.measures.certainty import consensus_certainty
from partnercheck.measures.guidance import NextStep, cautions, next_steps, open_items, present_stage, strengths
from partnercheck.periods import period_words
from partnercheck.reports import words
from partnercheck.reports.numbers import shown
from partnercheck.rubric.model import Resource, Rubric
from partnercheck.scoring.score import DOMAIN_STATUS, SCORED, score_rows
from partnercheck.scoring.whatif import possible


@dataclass(frozen=True, slots=True)
class Strip:
    """The continuum as one axis, in points. `stop` is the cut at which something holds the placement back."""

    stages: tuple[tuple[str, int], ...]
    score: float | None = None
    score_text: str = ""
    placed: int | None = None
    stop: float | None = None
    stop_reason: str = ""
    low: int | None = None
    high: int | None = None

    @property
    def start(self) -> float:
        return self.stages[0][1] - 0.5

    @property
    def end(self) -> float:
        return self.stages[-1][1] + 0.5


@dataclass(frozen=True, slots=True)
class DomainView:
    id: str
    name: str
    status: str
    score: float | None
    score_text: str
    placed: str
    placed_name: str
    position: int | None
    answered: int
    applicable: int
    said: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    id: str
    title: str
    publisher: str
    year: str
    kind: str
    url: str
    for_whom: str


@dataclass(frozen=True, slots=True)
class StepView:
    item: str
    name: str
    ask: str
    now: str
    next: str
    distance: str
    try_it: str
    because: str
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One item as answered. `flag` says what is missing beside it; notes are here only when asked for."""

    item: str
    domain: str
    name: str
    ask: str
    state: str
    stage: str
    stage_name: str
    points: int | None
    said: str
    is_must_have: bool
    flag: str
    reason: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MustHave:
    item: str
    name: str
    stage_name: str
    state: str


@dataclass(frozen=True, slots=True)
class ReportView:
    title: str
    practice: str
    period: str
    period_words: str
    rubric: str
    version: str
    sha256: str
    language: str
    mode: str
    whose: str
    profile: str
    status: str
    present: str
    headline: str
    headline_why: str
    score: float | None
    score_text: str
    index: int | None
    proposed: str
    placed: str
    held_back_by: tuple[str, ...] | None
    possible: tuple[str, str] | None
    sentences: tuple[str, ...]
    certainty: str
    reduced: str
    confirmed: str
    confirmed_by_patients: str
    strip: Strip
    domains: tuple[DomainView, ...]
    strengths: tuple[str, ...]
    strengths_note: str
    next_steps: tuple[StepView, ...]
    talk: tuple[str, ...]
    find_out: tuple[str, ...]
    missing: tuple[str, ...]
    cautions: tuple[str, ...]
    must_haves: tuple[MustHave, ...]
    answers: tuple[AnswerView, ...]
    start: str
    stage_line: str
    not_this: tuple[str, ...]
    footer: str


def report_view(assessment: Assessment, rubric: Rubric, *, with_notes: bool = False) -> ReportView:
    """Everything a report on one round says. Scores it by the one scorer; raises nothing for any readable answers."""
    codes = assessment.codes(rubric)
    row = score_rows([codes], rubric, assessment.profile)[0]
    asked = rubric.profile_items(assessment.profile)
    unknown = open_items(row, asked)
    is_full = assessment.profile == "full"
    reach = possible(codes, rubric) if row["status"] == "incomplete" else None
    headline, headline_why = words.headline(assessment, rubric)
    pulse_line, gates = words.must_haves(row, rubric, asked)
    sentences = _sentences(row, rubric, reach, pulse_line, headline == words.STAFF_VIEW)
    strong = strengths(row, rubric)
    is_placed = row["placed"] is not None
    is_lowest = is_placed and row["placed"] == rubric.stages[0].id
    return ReportView(
        title=rubric.title,
        practice=assessment.practice,
        period=assessment.period or "",
        period_words=period_words(assessment.period) if assessment.period else "no period given",
        rubric=rubric.id,
        version=rubric.version,
        sha256=rubric.sha256,
        language=rubric.language,
        mode="consensus" if assessment.is_consensus else "respondent",
        whose=words.whose(assessment),
        profile=assessment.profile,
        status=row["status"],
        present=_present(assessment, rubric),
        headline=headline,
        headline_why=headline_why,
        score=row["overall"],
        score_text=shown(row["overall"], rubric) if is_placed else "",
        index=None if row["index"] is None else int(row["index"]),
        proposed=row["proposed"] or "",
        placed=row["placed"] or "",
        held_back_by=tuple(row["held_back_by"].split()) if is_placed else None,
        possible=(reach.low, reach.high) if reach else None,
        sentences=tuple(sentences),
        certainty=words.certainty(consensus_certainty(codes, row["placed"], rubric), row, rubric) if is_placed else "",
        reduced=words.reduced(unknown, rubric) if is_full else "",
        confirmed=words.CONFIRMED[assessment.confirmed_by_patients] if assessment.is_consensus and not headline else "",
        confirmed_by_patients=assessment.confirmed_by_patients,
        strip=_strip(row, rubric, (reach.low, reach.high) if reach else None),
        domains=tuple(_domain(row, rubric, domain.id) for domain in rubric.domains) if is_full else (),
        strengths=tuple(_answered_text(row, rubric, item_id) for item_id in strong.items) if strong else (),
        strengths_note=_strengths_note(strong.others, len(strong.items)) if strong else "",
        next_steps=tuple(_step(step, rubric) for step in next_steps(row, rubric)) if row["status"] != "no_answers" else (),
        talk=tuple(words.to_talk_about(unknown, rubric)),
        find_out=tuple(words.to_find_out(unknown, rubric)),
        missing=tuple(words.unanswered(unknown, rubric)),
        cautions=tuple(caution.say for caution in cautions(row, rubric)),
        must_haves=tuple(MustHave(item.id, words.begun(words.quoted(item)), stage.name, state) for item, stage, state in gates),
        answers=tuple(_answer(assessment, rubric, item_id, with_notes) for item_id in asked),
        start=rubric.start if is_lowest or row["status"] == "no_answers" else "",
        stage_line=" · ".join(f"{stage.points} {stage.name}" for stage in rubric.stages),
        not_this=words.NOT_A_GRADE,
        footer=words.UNTESTED,
    )


def _sentences(row: Mapping[str, Any], rubric: Rubric, reach: Any, pulse_line: str, staff_only: bool) -> list[str]:
    match row["status"]:
        case "scored":
            return words.placement(row, rubric, staff_only=staff_only)
        case "profile":
            return [pulse_line, "A pulse has no score and no placement: it looks at the must-haves only."]
        case "no_answers":
            return ["There is no answer to place yet."]
        case _:
            return words.incomplete(row, rubric, reach)


def _strip(row: Mapping[str, Any], rubric: Rubric, reach: tuple[str, str] | None) -> Strip:
    stages = tuple((clean(stage.name), stage.points) for stage in rubric.stages)  # cleaned before widths are taken
    if reach:
        return Strip(stages, low=rubric.stage(reach[0]).points, high=rubric.stage(reach[1]).points)
    if row["placed"] is None:
        return Strip(stages)
    placed = rubric.stage(row["placed"]).points
    held = row["held_back_by"].split()
    stop = placed + 0.5 if held else None
    return Strip(stages, row["overall"], shown(row["overall"], rubric), placed, stop, words.stop_reason(held))


def _domain(row: Mapping[str, Any], rubric: Rubric, domain_id: str) -> DomainView:
    state, score = row[f"{domain_id}__state"], row[domain_id]
    answered, applicable = row[f"{domain_id}__answered"], row[f"{domain_id}__applicable"]
    placed = row[f"{domain_id}__placed"] or ""
    said = "does not apply" if applicable == 0 else f"not enough answers ({answered} of {applicable})"
    name = rubric.stage(placed).name if placed else ""
    if state == SCORED:
        band = rubric.stage_at(row[f"{domain_id}__band"])
        said = name if band.id == placed else f"{name}, held by a must-have"
    return DomainView(
        id=domain_id,
        name=rubric.domain(domain_id).name,
        status=DOMAIN_STATUS[state],
        score=score,
        score_text="" if score is None else shown(score, rubric),
        placed=placed,
        placed_name=name,
        position=rubric.stage(placed).points - rubric.p_min + 1 if placed else None,
        answered=answered,
        applicable=applicable,
        said=said,
    )


def _answered_text(row: Mapping[str, Any], rubric: Rubric, item_id: str) -> str:
    item, stage = rubric.item(item_id), present_stage(row[item_id], rubric)
    return f"{words.begun(item.short)}: {words.ended(item.levels[stage.id])}"


def _strengths_note(others: int, shown_items: int) -> str:
    if not shown_items:
        return "Your answers are all at the same level, so none stands out."
    return f"And {others} other{'s' * (others != 1)} at this level." if others else ""


def _step(step: NextStep, rubric: Rubric) -> StepView:
    item = step.item
    return StepView(
        item=item.id,
        name=words.begun(words.quoted(item)),
        ask=item.ask,
        now=item.levels[step.now.id] if step.now else "",
        next=item.levels[step.next.id] if step.next else "",
        distance=words.distance(step),
        # The author's first thing to try leads away from the low stages; the top asks for more than that.
        try_it=item.try_ if step.next is None or step.next.points < rubric.p_max else "",
        because=f"The lowest answer in an area that holds you back: {rubric.domain(step.domain_holding).name}."
        if step.domain_holding
        else "",
        resources=tuple(_resource(resource) for resource in step.resources),
    )


def _resource(resource: Resource) -> ResourceView:
    return ResourceView(
        resource.id, resource.title, resource.publisher, resource.year, resource.kind, resource.url, resource.for_whom
    )


def _answer(assessment: Assessment, rubric: Rubric, item_id: str, with_notes: bool) -> AnswerView:
    from partnercheck.answers import Answer

    item, answer = rubric.item(item_id), assessment.answers.get(item_id, Answer())
    stage = rubric.stage_at(answer.code) if answer.code >= 0 else None
    said = item.levels[stage.id] if stage else _STATE_WORDS[answer.state]
    flag = ""
    if stage and stage.ask_example and stage.points == rubric.p_max and not (answer.note or answer.evidence):
        flag = "no example noted"
    elif answer.state == "na" and not answer.reason:
        flag = "no reason given"
    notes = tuple(text for text in (answer.note, answer.evidence) if text) if with_notes else ()
    return AnswerView(
        item=item_id,
        domain=rubric.domain_of(item_id).id,
        name=item.short,
        ask=item.ask,
        state=answer.state,
        stage=stage.id if stage else "",
        stage_name=stage.name if stage else "",
        points=stage.points if stage else None,
        said=said,
        is_must_have=item_id in rubric.gate_items,
        flag=flag,
        reason=answer.reason if with_notes else "",
        notes=notes,
    )


_STATE_WORDS = {"na": "Not applicable", "dk": "We do not know yet", "split": "We do not agree", "blank": "No answer yet"}


def _present(assessment: Assessment, rubric: Rubric) -> str:
    """Who was in the room, as counts by role; nobody is named."""
    names = {role.id: role.name for role in rubric.roles}
    parts = [f"{names[role]} ({count})" for role, count in assessment.present.items() if count]
    return ", ".join(parts)
