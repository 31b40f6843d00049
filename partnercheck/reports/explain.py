"""The arithmetic of a result, line by line: a print of the scorer's own columns. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from partnercheck.answers import STATES, Assessment
from partnercheck.errors import UsageError
from partnercheck.folding import fold
from partnercheck.reports import words
from partnercheck.reports.numbers import exact, shown
from partnercheck.rubric.model import Domain, Item, Rubric
from partnercheck.rubric.tree import nearest
from partnercheck.scoring.score import NOT_APPLICABLE, SCORED, score_rows, whole_weights
from partnercheck.scoring.whatif import possible

Row = Mapping[str, Any]
_LEFT_OUT = {
    "na": "not applicable: left out, and not counted as a question that applies",
    "dk": "to find out: no stage, so not in the mean",
    "split": "not agreed: no stage, so not in the mean",
    "blank": "no answer: not in the mean",
}


def explain(assessment: Assessment, rubric: Rubric, what: str | None) -> list[str]:
    """The lines that explain an area, a question, or the overall result; all of it when `what` is None.

    Raises `UsageError`, naming the nearest id, when `what` is nothing of this rubric.
    """
    row = score_rows([assessment.codes(rubric)], rubric, assessment.profile)[0]
    domains = {domain.id: domain for domain in rubric.domains}
    if what is None:
        parts = [*(list(_domain(row, rubric, domain)) for domain in rubric.domains), list(_overall(row, rubric, assessment))]
        return [line for part in parts for line in (*part, "")][:-1]
    if what == "overall":
        return list(_overall(row, rubric, assessment))
    if what in domains:
        return list(_domain(row, rubric, domains[what]))
    if what in rubric.item_ids:
        return list(_item(row, rubric, rubric.item(what)))
    named = {fold(domain.name): domain.id for domain in rubric.domains}
    named |= {fold(item.name): item.id for item in rubric.items if item.name}
    if fold(what) in named:
        return explain(assessment, rubric, named[fold(what)])
    known = ["overall", *domains, *rubric.item_ids]
    raise UsageError(
        f"'{what}' is no area or question of this rubric{nearest(what, [*known, *named])}. Known: {', '.join(known)}."
    )


def _number(value: float) -> str:
    """An exact number without idle noughts: 3, 2.25, 2.333333333."""
    text = f"{exact(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _band(points: int, rubric: Rubric) -> str:
    stage = rubric.stage_at(points)
    start = "" if points == rubric.p_min else f" (from {_number(float(rubric.cut(stage)))}"
    end = "" if points == rubric.p_max else f"{',' if start else ' ('} below {_number(float(rubric.cut(stage)) + 1)}"
    return f"{stage.name}{start}{end})"


def _domain(row: Row, rubric: Rubric, domain: Domain) -> Iterator[str]:
    name = domain.id
    yield f"{domain.name} ({name})"
    for item, weight in zip(domain.items, whole_weights([item.weight for item in domain.items]), strict=True):
        yield f"  {item.id}: {_term(row, item, weight)}"
    answered, applicable = row[f"{name}__answered"], row[f"{name}__applicable"]
    if row[f"{name}__state"] == NOT_APPLICABLE:
        yield "  No question applies: this area leaves the overall mean."
        return
    yield f"  {answered} of {applicable} questions that apply have a stage; {row[f'{name}__needed']} are needed."
    if row["status"] == "profile":
        yield "  This was a shorter check: its areas have no score and no placement."
        yield from _gates(row, rubric, [item.id for item in domain.items])
        return
    if row[f"{name}__state"] != SCORED:
        yield "  So this area has no score."
        return
    total, divisor = _number(row[f"{name}__sum"]), _number(row[f"{name}__weight"])
    score = row[f"{name}__score"]
    yield f"  Sum {total} divided by {divisor} = {_number(score)}, shown as {shown(score, rubric)}."
    yield f"  Band: {_band(row[f'{name}__band'], rubric)}."
    yield from _gates(row, rubric, [item.id for item in domain.items])
    yield f"  This area is placed at {rubric.stage(row[f'{name}__placed']).name}."


def _term(row: Row, item: Item, weight: int) -> str:
    if row[item.id] < 0:
        return _LEFT_OUT[STATES[int(row[item.id])]]
    return f"{_number(row[item.id])}" + (f" times weight {weight} = {_number(row[item.id] * weight)}" if weight != 1 else "")


def _gates(row: Row, rubric: Rubric, item_ids: list[str]) -> Iterator[str]:
    for gate in rubric.gates:
        if gate.item in item_ids:
            met = rubric.passes(gate, row[gate.item])
            has = _number(row[gate.item]) if row[gate.item] >= 0 else "no stage"
            required = f"{rubric.stage(gate.required).name} ({_number(float(rubric.cut(gate.required)))}) or above"
            what = f"{words.begun(rubric.item(gate.item).short)} ({gate.item})"
            yield f"  Must-have for {rubric.stage(gate.stage).name}: {what} at {required}. It has {has}: {'in place' if met else 'not in place'}."


def _held(name: str, rubric: Rubric) -> str:
    domain_id = name.removeprefix("domain:")
    return rubric.item(name).short if domain_id == name else f"the area {rubric.domain(domain_id).name}"


def _item(row: Row, rubric: Rubric, item: Item) -> Iterator[str]:
    yield f"{item.ask} ({item.id})"
    domain = rubric.domain_of(item.id)
    weight = whole_weights([entry.weight for entry in domain.items])[[entry.id for entry in domain.items].index(item.id)]
    yield f"  Your answer: {_term(row, item, weight)}."
    if row[item.id] >= 0:
        yield f"  {rubric.stage_at(int(row[item.id])).name}: {item.levels[rubric.stage_at(int(row[item.id])).id]}"
    yield f"  It counts in the area {domain.name} ({domain.id})."
    yield from _gates(row, rubric, [item.id])


def _overall(row: Row, rubric: Rubric, assessment: Assessment) -> Iterator[str]:
    yield "Overall"
    weights = whole_weights([domain.weight for domain in rubric.domains])
    for domain, weight in zip(rubric.domains, weights, strict=True):
        state = row[f"{domain.id}__state"]
        score = (
            _number(row[f"{domain.id}__score"])
            if state == SCORED
            else "does not apply"
            if state == NOT_APPLICABLE
            else "no score"
        )
        yield f"  {domain.id}: {score}" + (f" times weight {weight}" if weight != 1 and state == SCORED else "")
    if row["status"] == "profile":
        yield "  This was a shorter check: it has no overall score and no placement."
        yield from _gates(row, rubric, list(rubric.profile_items(assessment.profile)))
        return
    if row["overall"] is None:
        yield "  An area that applies has no score, so there is no overall score and no placement."
        reach = possible(assessment.codes(rubric), rubric)
        if reach:
            yield f"  With every open answer at the lowest stage: {rubric.stage(reach.low).name}."
            yield f"  With every open answer at the highest stage: {rubric.stage(reach.high).name}."
        return
    divisor, score = _number(row["overall__weight"]), row["overall"]
    yield f"  Mean of the areas (unrounded): {_number(row['overall__sum'])} divided by {divisor} = {_number(score)}, shown as {shown(score, rubric)}."
    yield f"  The score proposes {_band(row['overall__proposed'], rubric)}."
    yield from _gates(row, rubric, list(rubric.item_ids))
    lag = words.counted(rubric.scoring.max_domain_lag, "stage")
    for domain_id in rubric.floor_domains:
        if row[f"{domain_id}__state"] == SCORED:
            ceiling = rubric.stage_at(row[f"{domain_id}__ceiling"]).name
            band = rubric.stage_at(row[f"{domain_id}__band"]).name
            name = rubric.domain(domain_id).name
            yield f"  The area {name} ({domain_id}) is at {band}; at most {lag} above that can be placed, which is {ceiling}."
    held = row["held_back_by"].split()
    because = f"held back by {words.listed([_held(name, rubric) for name in held])}" if held else "nothing holds it back"
    yield f"  Placed: {rubric.stage(row['placed']).name}; {because}."
