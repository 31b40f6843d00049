"""The report for a screen reader or a pipe: one fact a line, no boxes, no drawing, stages in words and numbers.

Lines are not wrapped: a reader's own window does that. Nothing is said by position alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from partnercheck.clean import clean
from partnercheck.reports.view import DomainView, ReportView, StepView
from partnercheck.reports.words import CHOOSE


def lines(view: ReportView) -> list[str]:
    """The report as lines of text, cleaned; an empty line between its parts."""
    return [clean(" ".join(line.split())) for line in _lines(view)]


def _lines(view: ReportView) -> Iterator[str]:
    if view.headline:
        yield f"{view.headline}. {view.headline_why}"
    yield f"Report for {view.practice or 'your practice'}."
    yield f"{view.title}, {view.period_words}, {view.whose}."
    if view.present:
        yield f"Who was here: {view.present}."
    yield from _part("Where you are.", [*view.sentences, *_where(view)])
    yield from _part("Your areas.", [_area(number, domain, view) for number, domain in enumerate(view.domains, 1)])
    if view.profile != "full":
        yield from _part("Must-haves.", [f"{m.name}, for {m.stage_name}: {m.state}." for m in view.must_haves])
    yield from _part("What goes well.", [*view.strengths, view.strengths_note])
    if view.next_steps:
        yield from _part("What to try next.", [CHOOSE])
        for number, step in enumerate(view.next_steps, 1):
            yield from _step(number, len(view.next_steps), step)
    yield from _part("To talk about.", view.talk)
    yield from _part("To find out.", view.find_out)
    yield from _part("No answer yet.", view.missing)
    yield from _part("Keep in mind.", view.cautions)
    yield from _part("How to start.", view.start.splitlines())
    yield from _part("Your answers.", _answers(view))
    yield from _part("What this is not.", view.not_this)
    yield ""
    yield view.footer
    yield f"Rubric {view.rubric}, version {view.version}."


def _part(title: str, entries: object) -> Iterator[str]:
    assert isinstance(entries, list | tuple)
    filled = [entry for entry in entries if entry.strip()]
    if filled or title.startswith("What to try"):
        yield ""
        yield title
        yield from filled


def _of(points: int, view: ReportView) -> str:
    return f"{points} of {view.strip.stages[-1][1]}"


def _where(view: ReportView) -> Iterator[str]:
    if view.strip.placed is not None:
        names = {points: name for name, points in view.strip.stages}
        low, high = view.strip.stages[0][1], view.strip.stages[-1][1]
        yield f"Stage: {names[view.strip.placed]}, which is {view.strip.placed} on the scale from {low} to {high}."
        yield f"Your answers together: {view.score_text} on the same scale."
    if view.certainty:
        yield f"How sure: {view.certainty}"
    yield view.reduced
    yield view.confirmed


def _area(number: int, domain: DomainView, view: ReportView) -> str:
    start = f"Area {number} of {len(view.domains)}, {domain.name}:"
    return f"{start} {domain.score_text}, {domain.said}." if domain.score_text else f"{start} {domain.said}."


def _step(number: int, count: int, step: StepView) -> Iterator[str]:
    yield f"Step {number} of {count}: {step.name}."
    yield from (text for text in (step.because,) if text)
    if step.now:
        yield f"Now: {step.now}"
        yield f"Next: {step.next}"
    else:
        yield f"Ask: {step.ask}"
    if step.try_it:
        yield f"Try: {step.try_it}"
    yield from (text for text in (step.distance,) if text)
    for resource in step.resources:
        year = f", {resource.year}" if resource.year else ""
        whom = f" Written for {resource.for_whom}." if resource.for_whom else ""
        yield f"Read: {resource.title}. {resource.publisher}{year}.{whom}"
        yield f"Address: {resource.url}"


def _answers(view: ReportView) -> list[str]:
    found = []
    names = {domain.id: domain.name for domain in view.domains}
    last = ""
    for answer in view.answers:
        if answer.domain != last and answer.domain in names:
            found.append(f"Area {names[answer.domain]}.")
        last = answer.domain
        said = f"{_of(answer.points, view)}, {answer.stage_name}" if answer.points is not None else answer.said
        remarks = "".join(f", {remark}" for remark in ("must-have" if answer.is_must_have else "", answer.flag) if remark)
        found.append(f"{answer.name[:1].upper()}{answer.name[1:]}: {said}{remarks}.")
        found.extend(f"Note on this answer: {note}" for note in (answer.reason, *answer.notes) if note)
    return found
