"""The sentences of a report: plain words, true of the numbers behind them, and never about people's worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partnercheck.answers import BLANK, DK, SPLIT, UNREAD, Assessment
from partnercheck.measures.certainty import Certainty
from partnercheck.measures.guidance import NextStep, OpenItems, present_stage
from partnercheck.reports.numbers import count_word
from partnercheck.rubric.model import Domain, Item, Rubric, Stage
from partnercheck.scoring.whatif import Possible

Row = Mapping[str, Any]

CHOOSE = "Choose one, or take one that matters more to you. Which would patients notice first?"
STAFF_VIEW = "Staff view only"
STAFF_VIEW_WHY = (
    "This report shows how staff see it. It cannot say that you work in partnership, because only patients can tell you that."
)
ONE_PERSON = "One person's view"
UNTESTED = "No patient has tested this wording yet. Tell us what is wrong or unfair."
NOT_A_GRADE = (
    "This is a profile of how this team works on improvement. It is not a grade, and it says nothing about any person.",
    "Consulting well is the right thing for some decisions. Aim for the next stage only, where it would help.",
    "It is your own view. It is not an audit, and not for payment, ranking or accreditation.",
    "The method is new: where the stages begin and what the must-haves are is a judgement, not yet tested.",
)
CONFIRMED = {
    "yes": "Patients were asked “Does this say what you would say?”: yes.",
    "partly": "Patients were asked “Does this say what you would say?”: partly. Ask what they would say differently.",
    "no": "Patients were asked “Does this say what you would say?”: no. Start there: ask what they would say.",
    "not_asked": "Ask your patient partners: “Does this say what you would say?”",
}


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Parts as one would say them: a; a and b; a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def counted(number: int, one: str, many: str = "") -> str:
    return f"{count_word(number)} {one if number == 1 else many or one + 's'}"


def ended(text: str) -> str:
    """A text that ends as a sentence."""
    return text if text.endswith((".", "!", "?", "”", "…")) else text + "."


def begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def quoted(item: Item) -> str:
    """An item inside a sentence: its few words, or its question in quotation marks."""
    return item.name or f"“{item.ask}”"


def headline(assessment: Assessment, rubric: Rubric) -> tuple[str, str]:
    """What must stand above everything else, and why: whose voice is missing. Both empty where nothing must."""
    if not assessment.is_consensus:
        role = next((role.name for role in rubric.roles if role.id == assessment.role), assessment.role)
        return ONE_PERSON, f"These are the answers of one person ({role}), not what a team agreed."
    patients = {role.id for role in rubric.roles if role.side == "patients"}
    if sum(count for role, count in assessment.present.items() if role in patients):
        return "", ""
    if not assessment.present:
        return STAFF_VIEW, f"The answers do not say who was here, so no patient is known to have taken part. {STAFF_VIEW_WHY}"
    return STAFF_VIEW, f"Nobody from the patients is named among the people who answered. {STAFF_VIEW_WHY}"


def whose(assessment: Assessment) -> str:
    """What kind of answers these are."""
    kind = "agreed by the team" if assessment.is_consensus else "one person's answers"
    return kind if assessment.profile == "full" else f"{kind}, a shorter check ({assessment.profile})"


def placement(row: Row, rubric: Rubric, *, staff_only: bool = False) -> list[str]:
    """Where the team is and why, as short paragraphs."""
    placed, proposed = rubric.stage(row["placed"]), rubric.stage(row["proposed"])
    if placed == proposed:
        by_whom = ", as staff see it" if staff_only else ""
        return [f"We place you at {placed.name}{by_whom}. {placed.summary}".strip()]
    answered = [row[item_id] for item_id in rubric.item_ids if row[item_id] >= 0]
    is_most = sum(points >= rubric.cut(proposed) for points in answered) * 2 > len(answered)
    fit = f"Most of your answers fit {proposed.name}." if is_most else f"Taken together, your answers fit {proposed.name}."
    held = row["held_back_by"].split()
    items = [rubric.item(name) for name in held if not name.startswith("domain:")]
    domains = [rubric.domain(name.removeprefix("domain:")) for name in held if name.startswith("domain:")]
    return [f"{fit} We place you at {placed.name}, because of {_causes(items, domains)}.", *_told(row, rubric, items, domains)]


def _causes(items: Sequence[Item], domains: Sequence[Domain]) -> str:
    parts = []
    if items:
        parts.append(f"{counted(len(items), 'answer')}: {listed([quoted(item) for item in items])}")
    if domains:
        parts.append(f"{counted(len(domains), 'area')} further back: {listed([domain.name for domain in domains])}")
    return "; and ".join(parts)


_OPEN = {
    SPLIT: "do not agree yet. A must-have needs an agreed answer, so talk about it first.",
    DK: "do not know yet. A must-have needs an answer, so find out first.",
    BLANK: "have no answer yet. A must-have needs one, so answer it first.",
}
_OPEN[UNREAD] = _OPEN[BLANK]


def _told(row: Row, rubric: Rubric, items: Sequence[Item], domains: Sequence[Domain]) -> list[str]:
    """For each thing that holds the placement back: what was chosen, and why it matters."""
    paragraphs = []
    for item in items:
        subject = f"On {quoted(item)}, you" if len(items) > 1 else "You"
        if row[item.id] >= 0:
            stage = present_stage(row[item.id], rubric)
            chose = f"{subject} chose {stage.points}: {ended(item.levels[stage.id])}"
        else:
            chose = f"{subject} {_OPEN[int(row[item.id])]}"
        paragraphs.append(f"{chose} {item.why}".strip())
    for domain in domains:
        band = present_stage(row[domain.id], rubric)
        paragraphs.append(
            f"{domain.name} is at {band.name}. An area this far from the others cannot be left out of the picture. {domain.why}".strip()
        )
    return [*paragraphs, "This does not undo the good work in your other answers."]


def incomplete(row: Row, rubric: Rubric, reach: Possible | None) -> list[str]:
    """Why there is no placement yet, and what is certain all the same."""
    lacking = [domain for domain in rubric.domains if row[f"{domain.id}__state"] == 0]
    areas = listed([f"{d.name} ({row[f'{d.id}__answered']} of {row[f'{d.id}__applicable']})" for d in lacking])
    sentences = [
        f"We cannot place you yet. {begun(counted(len(lacking), 'area'))} {'needs' if len(lacking) == 1 else 'need'} more answers: {areas}."
    ]
    if reach:
        low, high = rubric.stage(reach.low), rubric.stage(reach.high)
        count = len(reach.open_items)
        decide = f"{'this answer decides' if count == 1 else f'these {count_word(count)} answers decide'} it"
        where = f"at {low.name}" if low == high else f"between {low.name} and {high.name}; {decide}"
        sentences.append(f"Whatever you find out, you are {where}.")
    return [" ".join(sentences)]


def certainty(found: Certainty, row: Row, rubric: Rubric) -> str:
    """How sure the placement is, for a team's agreed answers: those given, then those still open."""
    if found.is_on_boundary:
        names = [rubric.stage(stage_id).name for stage_id in found.stages]
        between = f"between {listed(names)}" if len(names) == 2 else f"from {names[0]} to {names[-1]}"
        sure = f"on the boundary {between}: one answer a stage different would move you ({_named(found.items, rubric)})."
    else:
        place = rubric.stage(row["placed"]).name
        sure = f"at {place}. None of the answers you gave would move you, if it were one stage higher or lower."
    if not found.open_items:
        return sure
    stages = listed([rubric.stage(stage_id).name for stage_id in found.open_stages], "or")
    return f"{sure} One answer that is still open could move you to {stages}: {_named(found.open_items, rubric)}."


def _named(item_ids: Sequence[str], rubric: Rubric) -> str:
    """A few items by name, the others counted."""
    items = [quoted(rubric.item(item_id)) for item_id in item_ids]
    return listed(items if len(items) <= 4 else [*items[:3], f"{len(items) - 3} others"], "or")


def stop_reason(held: Sequence[str]) -> str:
    """What the stop line on the continuum stands for; empty where nothing stops."""
    areas = sum(name.startswith("domain:") for name in held)
    parts = [counted(count, one) for count, one in ((len(held) - areas, "must-have"), (areas, "area")) if count]
    return f"{listed(parts)} {'stops' if len(held) == 1 else 'stop'} here" if held else ""


def distance(step: NextStep) -> str:
    """How far the must-have is, in words; empty where the item holds nothing back."""
    if step.gate_stage is None:
        return ""
    if step.now is None:
        return f"This is a must-have for {step.gate_stage.name}. Settle first where you are."
    if step.gate_steps <= 1:
        return f"With this one step the must-have for {step.gate_stage.name} is in place."
    last = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")[step.gate_steps - 2]
    return f"This is the first of {count_word(step.gate_steps)} steps. After the {last}, the must-have for {step.gate_stage.name} is in place."


def to_talk_about(open_: OpenItems, rubric: Rubric) -> list[str]:
    """Items a team did not agree on: the first things to talk about."""
    return [
        f"You do not agree on this yet: {rubric.item(i).ask} Nobody is wrong: people see different parts of the work. "
        "Ask each other: “What did you see that made you choose that number?”"
        for i in open_.split
    ]


def unanswered(open_: OpenItems, rubric: Rubric) -> list[str]:
    """Items nobody has answered, each with the id under which an answers file has it."""
    return [f"{rubric.item(i).ask} ({i})" for i in open_.missing]


def to_find_out(open_: OpenItems, rubric: Rubric) -> list[str]:
    return [f"{rubric.item(i).ask} Who could find out, and by when?" for i in open_.find_out]


def reduced(open_: OpenItems, rubric: Rubric) -> str:
    """Said when more than a quarter of the items do not apply."""
    if len(open_.not_applicable) * 4 <= len(rubric.items):
        return ""
    return f"Scored on a reduced rubric: {len(open_.not_applicable)} of {len(rubric.items)} questions do not apply. Leave it out of comparisons."


def must_haves(row: Row, rubric: Rubric, asked: Sequence[str]) -> tuple[str, list[tuple[Item, Stage, str]]]:
    """The pulse's result: how many must-haves are in place, and each of them: in place, not in place, or still open."""
    gates = [gate for gate in rubric.gates if gate.item in asked]
    states = []
    for gate in gates:
        value = row[gate.item]
        state = "in place" if rubric.passes(gate, value) else "not in place" if value >= 0 else "still open"
        states.append((rubric.item(gate.item), rubric.stage(gate.stage), state))
    return f"Must-haves in place: {sum(state == 'in place' for *_, state in states)} of {len(states)}.", states
