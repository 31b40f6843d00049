"""The report as Markdown that survives a paste into a wiki or an issue tracker. Every text of a file is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from partnercheck.clean import clean
from partnercheck.reports.view import ReportView, StepView
from partnercheck.reports.words import CHOOSE, begun

# Marks that can begin an element anywhere in a line, an address or a mention that would be linked.
_ANYWHERE = re.compile(r"[\\`*_{}\[\]#>|~$@]|:(?=//)|(?<![:/])/(?=/)|(?<=\bwww)\.")
# Marks that begin a list, a heading's underline or a rule, at the start of a text only.
_AT_START = re.compile(r"^([-+=:]|\d+(?=[.)](\s|$)))")


def md(text: str) -> str:
    """A text as Markdown shows it literally: cleaned, on one line, every acting mark escaped."""
    plain = clean(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;")
    escaped = _ANYWHERE.sub(lambda match: "\\" + match.group(), plain)
    return _AT_START.sub(lambda match: match.group() + "\\" if match.group().isdigit() else "\\" + match.group(), escaped)


def render(view: ReportView) -> str:
    """The whole report as one Markdown text."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(view))).rstrip() + "\n"


def _lines(view: ReportView) -> Iterator[str]:
    yield f"# {md(view.practice or 'Your practice')}: {md(view.title)}"
    yield ""
    if view.headline:
        yield f"> **{md(view.headline)}.** {md(view.headline_why)}"
        yield ""
    yield md(f"{begun(view.period_words)}, {view.whose}")
    if view.present:
        yield f"\nWho was here: {md(view.present)}"
    yield from _where(view)
    yield from _areas(view)
    if view.profile != "full" and view.must_haves:
        yield from _bullets("Must-haves", [f"{m.name} (for {m.stage_name}): {m.state}" for m in view.must_haves])
    yield from _bullets("What goes well", [*view.strengths, *([view.strengths_note] if view.strengths_note else [])])
    if view.next_steps:
        yield "\n## What to try next\n"
        yield CHOOSE
        for number, step in enumerate(view.next_steps, 1):
            yield from _step(number, step)
    yield from _bullets("To talk about", view.talk)
    yield from _bullets("To find out", view.find_out)
    yield from _bullets("No answer yet", view.missing)
    yield from _bullets("Keep in mind", view.cautions)
    if view.start:
        yield "\n## How to start\n"
        for paragraph in view.start.split("\n\n"):
            yield md(paragraph) + "\n"
    yield from _answers(view)
    yield from _bullets("What this is not", view.not_this)
    yield f"\n**{md(view.footer)}**\n"
    yield md(f"{view.rubric} {view.version}")


def _where(view: ReportView) -> Iterator[str]:
    yield "\n## Where you are\n"
    for number, sentence in enumerate(view.sentences):
        yield f"**{md(sentence)}**\n" if number == 0 else md(sentence) + "\n"
    if view.strip.placed is not None or view.strip.low is not None:
        yield _strip(view) + "\n"
    if view.score_text:
        yield f"Your answers together: {md(view.score_text)} of {view.strip.stages[-1][1]}\n"
    for text in (view.certainty and f"How sure: {view.certainty}", view.reduced, view.confirmed):
        if text:
            yield md(text) + "\n"


def _strip(view: ReportView) -> str:
    """The continuum on one line of words: the placement in bold, brackets around what is possible."""
    parts = []
    for name, points in view.strip.stages:
        label = md(name)
        if points == view.strip.placed:
            label = f"**{label} (you are here)**"
        elif view.strip.low is not None and view.strip.high is not None and view.strip.low <= points <= view.strip.high:
            label = f"*{label} (possible)*"
        parts.append(label)
        if view.strip.stop is not None and points == view.strip.placed:
            parts.append("*stopped here*")
    return " → ".join(parts)


def _areas(view: ReportView) -> Iterator[str]:
    if view.domains:
        yield "\n## Your areas\n"
        yield "| Area | Score | Where it is | Answered |"
        yield "| --- | --- | --- | --- |"
        for domain in view.domains:
            yield f"| {md(domain.name)} | {md(domain.score_text) or 'none'} | {md(domain.said)} | {domain.answered} of {domain.applicable} |"


def _step(number: int, step: StepView) -> Iterator[str]:
    yield f"\n### {number}. {md(step.name)}\n"
    if step.because:
        yield f"{md(step.because)}\n"
    if step.now:
        yield f"- Now: {md(step.now)}"
        yield f"- Next: {md(step.next)}"
    else:
        yield f"- Ask: {md(step.ask)}"
    if step.try_it:
        yield f"- Try: {md(step.try_it)}"
    if step.distance:
        yield f"- {md(step.distance)}"
    for resource in step.resources:
        year = f", {resource.year}" if resource.year else ""
        whom = f" Written for {resource.for_whom}." if resource.for_whom else ""
        yield f"- Read: {md(f'{resource.title}. {resource.publisher}{year}.{whom}')} <{resource.url}>"


def _bullets(title: str, entries: object) -> Iterator[str]:
    assert isinstance(entries, list | tuple)
    if entries:
        yield f"\n## {title}\n"
        yield from (f"- {md(entry)}" for entry in entries)


def _answers(view: ReportView) -> Iterator[str]:
    yield "\n## Your answers\n"
    yield "| Question | Answer | What it says | |"
    yield "| --- | --- | --- | --- |"
    for answer in view.answers:
        said = f"{answer.points} {md(answer.stage_name)}" if answer.points is not None else md(answer.said)
        text = md(answer.said) if answer.points is not None else ""
        remarks = "; ".join(
            md(remark)
            for remark in ("must-have" if answer.is_must_have else "", answer.flag, answer.reason, *answer.notes)
            if remark
        )
        yield f"| {md(answer.ask)} | {said} | {text} | {remarks} |"
