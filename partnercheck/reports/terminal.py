"""The report on a terminal: the one view laid out for 40 to 120 columns, on a dark or a light screen.

One accent only, and no meaning hangs on it. Every text goes through `clean` and into a rich `Text`, never into markup.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from partnercheck.clean import clean
from partnercheck.reports.strip import MARK, STOP, axis
from partnercheck.reports.view import AnswerView, ReportView, StepView
from partnercheck.reports.words import CHOOSE

# Contrast 4.5 on white and 4.6 on black; blue and orange are kept for patients and practice, wherever both are shown.
ACCENT = "color(98)"
TEXT_WIDTH = 100  # longer lines are hard to follow back
_GLYPHS = {MARK: f"bold {ACCENT}", STOP: "bold", "═": f"bold {ACCENT}", "├": f"bold {ACCENT}", "┤": f"bold {ACCENT}"}
_GLYPHS |= dict.fromkeys("─│┼", "dim")


def draw(view: ReportView, console: Console) -> None:
    """Print the whole report on a console."""
    page = _Page(console)
    _head(view, page)
    _where(view, page)
    _areas(view, page)
    _must_haves(view, page)
    _strengths(view, page)
    _next_steps(view, page)
    _list("To talk about", view.talk, page)
    _list("To find out", view.find_out, page)
    _list("No answer yet", view.missing, page)
    _list("Keep in mind", view.cautions, page)
    if view.start:
        page.heading("How to start")
        for number, paragraph in enumerate(view.start.split("\n\n")):
            if number:
                page.gap()
            page.text(paragraph)
    _answers(view, page)
    _list("What this is not", view.not_this, page)
    page.gap()
    page.text(view.footer, "bold")
    page.text(f"{view.rubric} {view.version}", "dim")


class _Page:
    """Lays texts on a console with one left margin."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.margin = 2 if console.width >= 60 else 0
        self.width = min(TEXT_WIDTH, console.width - 2 * self.margin)

    def gap(self) -> None:
        self.console.print()

    def heading(self, text: str) -> None:
        self.gap()
        self.line(Text(clean(text).upper(), style=f"bold {ACCENT}"))

    def text(self, text: str, style: str = "", indent: int = 0) -> None:
        """A paragraph, wrapped between the margins."""
        self.line(Text(clean(" ".join(text.split())), style=style), indent)

    def line(self, text: Text, indent: int = 0) -> None:
        """A text between the margins, wrapped, without blanks at the ends of lines."""
        for part in text.wrap(self.console, max(20, self.width - indent)):
            part.rstrip()
            self.console.print(Text(" " * (self.margin + indent)) + part, soft_wrap=True)

    def address(self, url: str, indent: int) -> None:
        """An address in one piece, so that it can be selected and copied."""
        shown = clean(url)
        room = max(0, min(self.margin + indent, self.console.width - len(shown)))
        self.console.print(Text(" " * room + shown), soft_wrap=True)

    def labelled(self, label: str, text: str, indent: int, width: int = 6, style: str = "") -> None:
        """A label and a text that hangs beside it."""
        lines = Text(clean(" ".join(text.split())), style=style).wrap(self.console, max(20, self.width - indent - width))
        for number, part in enumerate(lines):
            head = clean(label).ljust(width) if number == 0 else " " * width
            self.line(Text.assemble((head, "bold"), part), indent)

    def glyphs(self, drawn: str) -> None:
        """A drawn line, or the words under it, with the marks in their accents."""
        text = Text()
        for char in drawn:
            text.append(char, _GLYPHS.get(char, ""))
        self.line(text)


def _head(view: ReportView, page: _Page) -> None:
    page.gap()
    if view.headline:
        page.line(Text(clean(view.headline).upper(), style="bold reverse"))
        page.text(view.headline_why, "bold")
        page.gap()
    page.line(Text(clean(view.practice) or "Your practice", style="bold"))
    page.text(f"{view.title} · {view.period_words} · {view.whose}")
    if view.present:
        page.text(f"Who was here: {view.present}")


def _where(view: ReportView, page: _Page) -> None:
    page.heading("Where you are")
    for number, sentence in enumerate(view.sentences):
        if number:
            page.gap()
        page.text(sentence, "bold" if number == 0 else "")
    if view.profile == "full" and view.status != "no_answers":
        page.gap()
        strip = axis(view.strip, page.width)
        for row in strip.names():
            page.glyphs(row)
        page.glyphs(strip.line(view.strip.score))
        if strip.is_numbered:
            page.text(view.stage_line)
        for caption in _captions(view):
            page.glyphs(caption)
    for text in (view.certainty and f"How sure: {view.certainty}", view.reduced, view.confirmed):
        if text:
            page.gap()
            page.text(text)


def _captions(view: ReportView) -> Iterator[str]:
    """What the marks on the continuum mean."""
    if view.strip.low is not None:
        yield "═ where you may be, once the open answers are known"
    if view.strip.score is not None:
        yield f"{MARK} your answers together: {view.score_text} of {view.strip.stages[-1][1]}"
    if view.strip.stop is not None:
        yield f"{STOP} {view.strip.stop_reason}"


def _areas(view: ReportView, page: _Page) -> None:
    if not view.domains:
        return
    page.heading("Your areas")
    strip = axis(view.strip, page.width)
    width = min(page.width, strip.width)
    for number, domain in enumerate(view.domains):
        if number:
            page.gap()
        said = f"{domain.score_text}  {domain.said}" if domain.score_text else domain.said
        name = clean(domain.name)
        if len(name) + len(said) + 2 <= width:
            page.line(Text.assemble((name, "bold"), " " * (width - len(name) - len(said)), clean(said)))
        else:
            page.text(name, "bold")
            page.text(said)
        page.glyphs(strip.plain_line(domain.score))


def _must_haves(view: ReportView, page: _Page) -> None:
    if view.profile == "full" or not view.must_haves:
        return
    page.heading("Must-haves")
    for entry in view.must_haves:
        page.labelled(entry.state, f"{entry.name} (for {entry.stage_name})", 0, 14)


def _strengths(view: ReportView, page: _Page) -> None:
    if not view.strengths and not view.strengths_note:
        return
    page.heading("What goes well")
    for text in view.strengths:
        page.labelled("•", text, 0, 2)
    if view.strengths_note:
        page.text(view.strengths_note)


def _next_steps(view: ReportView, page: _Page) -> None:
    if not view.next_steps:
        return
    page.heading("What to try next")
    page.text(CHOOSE)
    for number, step in enumerate(view.next_steps, 1):
        page.gap()
        _step(number, step, page)


def _step(number: int, step: StepView, page: _Page) -> None:
    page.labelled(f"{number}.", step.name, 0, 3, "bold")
    page.text(step.because, indent=3) if step.because else None
    if step.now:
        page.labelled("Now", step.now, 3)
        page.labelled("Next", step.next, 3)
    else:
        page.labelled("Ask", step.ask, 3)
    if step.try_it:
        page.labelled("Try", step.try_it, 3)
    if step.distance:
        page.text(step.distance, indent=3)
    for resource in step.resources:
        year = f", {resource.year}" if resource.year else ""
        kind = f" {resource.kind[:1].upper()}{resource.kind[1:]}." if resource.kind else ""
        whom = f" Written for {resource.for_whom}." if resource.for_whom else ""
        page.labelled("Read", f"{resource.title}. {resource.publisher}{year}.{kind}{whom}", 3)
        page.address(resource.url, 9)


def _list(title: str, entries: tuple[str, ...], page: _Page) -> None:
    if entries:
        page.heading(title)
        for entry in entries:
            page.labelled("•", entry, 0, 2)


def _answers(view: ReportView, page: _Page) -> None:
    page.heading("Your answers")
    page.text(view.stage_line, "dim")
    names = {domain.id: domain.name for domain in view.domains}
    last = ""
    for answer in view.answers:
        if answer.domain != last and answer.domain in names:
            page.gap()
            page.text(names[answer.domain], "bold")
        last = answer.domain
        _one_answer(answer, page)


def _one_answer(answer: AnswerView, page: _Page) -> None:
    figure = str(answer.points) if answer.points is not None else "·"
    remarks = [answer.said.lower() if answer.points is None else "", "must-have" if answer.is_must_have else "", answer.flag]
    tail = "; ".join(remark for remark in remarks if remark)
    name = answer.name[:1].upper() + answer.name[1:]
    page.labelled(figure, f"{name} ({tail})" if tail else name, 0, 3)
    for note in (answer.reason, *answer.notes):
        if note:
            page.text(f"“{note}”", "dim", indent=3)
