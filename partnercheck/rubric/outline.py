"""A whole rubric as plain text to read: for authors, for a team that wants to see the questions first, for printing."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from partnercheck.rubric.model import Domain, Item, Rubric, Stage


def outline(rubric: Rubric, width: int | None) -> str:
    """The rubric as lines of at most `width` columns (but for addresses, which are never broken).

    Without a width it is laid out for a screen reader: one fact a line, unbroken, without indents and drawn lines.
    """
    return "\n".join(_Pages(rubric, width).lines())


class _Pages:
    def __init__(self, rubric: Rubric, width: int | None) -> None:
        self.rubric = rubric
        self.width = width

    def lines(self) -> Iterator[str]:
        rubric = self.rubric
        yield from self._heading(rubric.title, "=")
        yield f"{rubric.id}, version {rubric.version}, {rubric.status}, language {rubric.language}"
        yield f"{len(rubric.stages)} stages, {len(rubric.domains)} areas, {len(rubric.items)} questions"
        for text in (
            rubric.about,
            rubric.citation and f"Cite as: {rubric.citation}",
            rubric.license and f"Licence: {rubric.license}",
        ):
            if text:
                yield ""
                yield from self._text(text)
        if rubric.start:
            yield from self._section("Where patients are not involved yet", self._text(rubric.start))
        yield from self._section("How to answer", self._how())
        yield from self._section("Stages, lowest first", self._stages())
        for position, domain in enumerate(rubric.domains, 1):
            yield from self._section(
                f"Area {position} of {len(rubric.domains)}: {domain.name} ({domain.id})", self._domain(domain)
            )
        yield from self._section("Cautions", self._cautions())
        yield from self._section("Shorter versions", self._profiles())
        yield from self._section("Who answers", self._roles())
        yield from self._section("Things to read or use", self._resources())
        yield from self._section("References", self._references())

    def _heading(self, text: str, line: str) -> Iterator[str]:
        lines = self._wrapped(text)
        yield from lines
        if self.width is not None:
            yield line * min(self.width, max(map(len, lines), default=0))

    def _section(self, title: str, body: Iterator[str]) -> Iterator[str]:
        lines = list(body)
        if lines:
            yield ""
            yield ""
            yield from self._heading(title, "-")
            yield from lines

    def _wrapped(self, text: str, first: str = "", rest: str = "") -> list[str]:
        if self.width is None:
            return [" ".join(text.split())]
        # An address or a long word stays whole: half an address is none.
        return wrap(
            text, self.width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )

    def _text(self, text: str, indent: str = "") -> Iterator[str]:
        """A text of one or more paragraphs."""
        for position, paragraph in enumerate(part for part in text.split("\n\n") if part.strip()):
            if position:
                yield ""
            for line in paragraph.splitlines():
                yield from self._wrapped(line, indent, indent)

    def _how(self) -> Iterator[str]:
        first, last = self.rubric.p_min, self.rubric.p_max
        yield from self._wrapped(
            f"For each question, choose the sentence that is most like what happens now: {first} to {last}.", "- ", "  "
        )
        yield from self._wrapped("You do not know: DK. That is a useful answer.", "- ", "  ")
        yield from self._wrapped("You do not agree with each other: SPLIT.", "- ", "  ")
        if any(item.not_applicable for item in self.rubric.items):
            yield from self._wrapped(
                "It does not apply to you: NA, only where the question allows it, with the reason.", "- ", "  "
            )

    def _stages(self) -> Iterator[str]:
        for stage in self.rubric.stages:
            yield ""
            yield from self._wrapped(f"{stage.points}  {stage.name} ({stage.id})")
            yield from self._text(stage.summary, "   ")
            yield from self._requires(stage)

    def _requires(self, stage: Stage) -> Iterator[str]:
        gates = [gate for gate in self.rubric.gates if gate.stage == stage.id]
        if gates:
            yield from self._wrapped("Must-haves:", "   ")
        for gate in gates:
            item, required = self.rubric.item(gate.item), self.rubric.stage(gate.required)
            yield from self._wrapped(f"{item.short} ({item.id}): at least {required.points}, {required.name}", "   - ", "     ")

    def _domain(self, domain: Domain) -> Iterator[str]:
        yield from self._text(domain.why)
        for item in domain.items:
            yield ""
            yield from self._item(item)

    def _item(self, item: Item) -> Iterator[str]:
        rubric = self.rubric
        yield from self._wrapped(f"{rubric.item_ids.index(item.id) + 1}. {item.ask} [{item.id}]", "", "   ")
        facts = [f"Asks about the last {item.window}."]
        facts += ["A must-have."] if item.id in rubric.gate_items else []
        facts += ["'Not applicable' is allowed."] if item.not_applicable else []
        facts += [f"Counts {item.weight} times."] if item.weight != 1 else []
        yield from self._wrapped(" ".join(facts), "   ", "   ")
        for stage in rubric.stages:
            yield from self._wrapped(f"{stage.points}  {item.levels[stage.id]}", "   ", "      ")
        for label, text in (("Why", item.why), ("Try", item.try_)):
            if text:
                yield from self._wrapped(f"{label}: {text}", "   ", "   ")
        for label, ids in (("Sources", item.sources), ("To read or use", item.resources)):
            if ids:
                yield from self._wrapped(f"{label}: {', '.join(ids)}", "   ", "   ")

    def _cautions(self) -> Iterator[str]:
        for caution in self.rubric.cautions:
            tests = [f"{test.item or test.domain} is below {test.below}" for test in caution.when_any]
            text = f"{caution.say} (at {caution.placed_at_least} or above, when {' or '.join(tests)})"
            yield from self._wrapped(text, "- ", "  ")

    def _profiles(self) -> Iterator[str]:
        for name in self.rubric.profiles:
            items = self.rubric.profile_items(name)
            yield from self._wrapped(f"{name}, {len(items)} questions: {', '.join(items)}", "- ", "  ")

    def _roles(self) -> Iterator[str]:
        for side, called in (("patients", self.rubric.sides.patients), ("practice", self.rubric.sides.practice)):
            roles = [f"{role.name} ({role.id})" for role in self.rubric.roles if role.side == side]
            if roles:
                yield from self._wrapped(f"{called.name}: {', '.join(roles)}", "- ", "  ")

    def _resources(self) -> Iterator[str]:
        for resource in self.rubric.resources:
            yield ""
            yield from self._wrapped(f"{resource.title} [{resource.id}]", "", "  ")
            facts = [resource.publisher, resource.year, resource.kind, resource.for_whom and f"for {resource.for_whom}"]
            facts.append(f"helps towards {', '.join(resource.stages)}")
            yield from self._wrapped(", ".join(fact for fact in facts if fact), "  ", "  ")
            yield from self._wrapped(resource.url, "  ")

    def _references(self) -> Iterator[str]:
        for reference in self.rubric.references:
            doi = f" doi {reference.doi}" if reference.doi else ""
            yield from self._wrapped(f"{reference.id}: {reference.citation}{doi}", "- ", "  ")
