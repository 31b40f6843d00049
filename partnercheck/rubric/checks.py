"""Whether the parts of a rubric fit together: one function a check, over the raw document.

Checks look at the raw tree, not at the typed rubric, and take whatever is well-shaped in it: so one misspelt key does
not hide the other faults of a file, and all of them are reported at once. The checks of the wording are in `wording`.

A new check: a function here or there, its code in the catalogue, its line in CHECKS, a faulty example in the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from math import lcm
from pathlib import PurePath

from partnercheck.folding import fold
from partnercheck.problems import Problem, problem
from partnercheck.rubric import wording
from partnercheck.rubric.model import RESERVED_IDS, id_fault, weight_of
from partnercheck.rubric.tree import Check, Hints, Part, Tree, listed, nearest, pairs_of, shown_id, text_of, where
from partnercheck.yamlfile import Document, Path_

__all__ = ["CHECKS", "Hints", "nearest", "run", "where"]

STAGES_MIN, STAGES_MAX = 3, 9
GATE_ITEMS_MAX, NEW_GATES_MAX = 8, 4
ITEMS_MAX = 150  # nobody answers more; and the scorer's expressions grow with the number of items
POINTS_MAX = 9
_ADVICE = {
    "draft": "It can be used; its results may not compare with later versions.",
    "retired": "It is kept for the rounds made with it; use another one for new rounds.",
}


def run(document: Document) -> Iterator[Problem]:
    """Every finding of every check, in no particular order. Never raises, whatever the document holds."""
    tree = Tree(document)
    for check in CHECKS:
        yield from check(tree)


# Ids


def id_shapes(tree: Tree) -> Iterator[Problem]:
    long_kinds = (("resource", tree.resources), ("reference", tree.references))
    short_kinds = (("stage", tree.stages), ("domain", tree.domains), ("item", tree.items), ("role", tree.roles))
    if tree.root.id:
        yield from _id_shape(tree, tree.root.id, "rubric", ("id",), long=True)
    for is_long, kinds in ((True, long_kinds), (False, short_kinds)):
        for kind, parts in kinds:
            for part in parts:
                if part.id:
                    yield from _id_shape(tree, part.id, kind, (*part.path, "id"), long=is_long)
    for name, _, path in tree.root.pairs("profiles"):
        yield from _id_shape(tree, name, "profile", path, key=True)
    for part in chain(tree.items, tree.resources):
        for topic, path in part.texts("topics"):
            yield from _id_shape(tree, topic, "topic", path)


def _id_shape(tree: Tree, text: str, kind: str, path: Path_, *, long: bool = False, key: bool = False) -> Iterator[Problem]:
    rule = id_fault(text, long=long)
    if rule:
        yield problem("R010", tree.at(path, key=key), id=shown_id(text), kind=kind, rule=rule)


def reserved_ids(tree: Tree) -> Iterator[Problem]:
    for kind, parts in (("stage", tree.stages), ("domain", tree.domains), ("item", tree.items)):
        for part in parts:
            if part.id in RESERVED_IDS:
                yield problem("R011", tree.id_place(part), id=part.id, kind=kind)
    for role in tree.roles:  # a table's rows say "consensus" in their role column when they are a team's
        if "consensus" in (fold(role.id), fold(role.text("name"))):
            yield problem("R011", tree.id_place(role), id="consensus", kind="role")
    for name, _, path in tree.root.pairs("profiles"):
        if fold(name) == "full":
            yield problem("R032", tree.at(path, key=True), id=shown_id(name))


def duplicate_ids(tree: Tree) -> Iterator[Problem]:
    columns = [
        pair
        for domain in tree.domains
        for pair in (("domain", domain), *(("item", item) for item in tree.parts("items", domain)))
    ]
    kinds = (("stage", tree.stages), ("role", tree.roles), ("resource", tree.resources), ("reference", tree.references))
    for entries in (columns, *([(kind, part) for part in parts] for kind, parts in kinds)):
        first: dict[str, Part] = {}
        for kind, part in entries:
            if part.id and part.id in first:
                line = tree.id_place(first[part.id]).line
                yield problem("R013", tree.id_place(part), id=shown_id(part.id), kind=kind, first=line)
            first.setdefault(part.id, part)


def file_name(tree: Tree) -> Iterator[Problem]:
    name = PurePath(tree.document.file)
    if name.suffix == ".yaml" and tree.root.id and name.stem != tree.root.id:
        yield problem("R034", tree.at(("id",)), file=name.name, id=shown_id(tree.root.id))


def status(tree: Tree) -> Iterator[Problem]:
    marked = tree.root.text("status")
    if marked in _ADVICE:
        yield problem("R035", tree.at(("status",)), status=marked, advice=_ADVICE[marked])


# Stages and what they require


def stage_count(tree: Tree) -> Iterator[Problem]:
    stages = tree.data.get("stages")
    if isinstance(stages, list) and not STAGES_MIN <= len(stages) <= STAGES_MAX:
        yield problem("R017", tree.at(("stages",), key=True), found=len(stages) or "no")


def stage_points(tree: Tree) -> Iterator[Problem]:
    expected: int | None = None
    for stage in tree.stages:
        written = stage.text("points")
        if written.isascii() and written.isdigit() and len(written) <= 4:
            points = int(written)
            if points != expected and not (expected is None and points in (0, 1)):
                comes = "0 or 1" if expected is None else expected
                yield problem("R016", tree.at((*stage.path, "points")), stage=stage.shown, found=points, expected=comes)
            if expected is None:
                expected = points if points in (0, 1) else 0
        # After a wrong number the count goes on from the right one, so that one slip is one finding.
        expected = None if expected is None else expected + 1


def described_stages(tree: Tree) -> Iterator[Problem]:
    for item in tree.items:
        levels = item.node.get("levels")
        if not isinstance(levels, dict):
            continue
        for name, _, path in item.pairs("levels"):
            if name not in tree.ladder:
                yield tree.unknown("R015", name, tree.ladder, path, key=True)
        # Too many stages are one finding (R017), not one for every item and stage.
        for stage in islice(tree.ladder, STAGES_MAX):
            if stage not in levels:
                yield problem("R014", tree.at((*item.path, "levels"), key=True), item=item.shown, stage=shown_id(stage))


def gate_references(tree: Tree) -> Iterator[Problem]:
    for stage in tree.stages:
        for item_id, required, path in stage.pairs("requires"):
            if item_id not in tree.item_ids:
                yield tree.unknown("R018", item_id, tree.item_ids, path, key=True)
            if text_of(required) and text_of(required) not in tree.ladder:
                yield tree.unknown("R015", text_of(required), tree.ladder, path)


def _gates(tree: Tree) -> Iterator[tuple[int, Part, str, str, Path_]]:
    """Every gate that can be understood: its stage's position, the stage, the item id, the required stage id, its path."""
    for position, stage in enumerate(tree.stages):
        for item_id, required, path in stage.pairs("requires"):
            if item_id in tree.item_ids and text_of(required) in tree.ladder:
                yield position, stage, item_id, text_of(required), path


def lowest_stage(tree: Tree) -> Iterator[Problem]:
    for position, stage, item_id, required, path in _gates(tree):
        if position > 0 and tree.ladder[required] == 0:
            yield problem("R037", tree.at(path), stage=stage.shown, item=shown_id(item_id), required=required)
    if tree.stages and tree.stages[0].node.get("requires"):
        yield problem("R020", tree.at((*tree.stages[0].path, "requires"), key=True), stage=tree.stages[0].shown)


def gates_that_may_not_apply(tree: Tree) -> Iterator[Problem]:
    gated = {item_id for _, _, item_id, _, _ in _gates(tree)}
    for item in tree.items:
        if item.id in gated and item.text("not_applicable") == "true":
            yield problem("R021", tree.at((*item.path, "not_applicable")), item=item.shown)


def gate_counts(tree: Tree) -> Iterator[Problem]:
    seen: set[str] = set()
    new: dict[int, set[str]] = {}
    ninth: Path_ | None = None
    for position, _, item_id, _, path in _gates(tree):
        if item_id not in seen:
            seen.add(item_id)
            new.setdefault(position, set()).add(item_id)
            if len(seen) == GATE_ITEMS_MAX + 1:
                ninth = path
    if ninth is not None:
        yield problem("R022", tree.at(ninth, key=True), count=len(seen), limit=GATE_ITEMS_MAX)
    for position, added in new.items():
        if len(added) > NEW_GATES_MAX:
            stage = tree.stages[position]
            yield problem(
                "R023", tree.at((*stage.path, "requires"), key=True), stage=stage.shown, count=len(added), limit=NEW_GATES_MAX
            )


def repeated_gates(tree: Tree) -> Iterator[Problem]:
    strongest: dict[str, tuple[str, Part]] = {}
    for _, stage, item_id, required, path in _gates(tree):
        earlier = strongest.get(item_id)
        if earlier is not None and tree.ladder[earlier[0]] >= tree.ladder[required]:
            words = {"stage": stage.shown, "item": shown_id(item_id), "required": required, "lower": earlier[1].shown}
            yield problem("R024", tree.at(path), **words, stronger=earlier[0])
        else:
            strongest[item_id] = (required, stage)


# What names something else


def cautions(tree: Tree) -> Iterator[Problem]:
    for caution in tree.cautions:
        placed, path = caution.text("placed_at_least"), (*caution.path, "placed_at_least")
        if placed and placed not in tree.ladder:
            yield tree.unknown("R015", placed, tree.ladder, path)
        for test in tree.parts("when_any", caution):
            yield from _caution_test(tree, test)


def _caution_test(tree: Tree, test: Part) -> Iterator[Problem]:
    named = [key for key in ("item", "domain") if key in test.node]
    if len(named) != 1:
        yield problem("R025", tree.at(test.path), found="both" if named else "neither")
    for key, known, code in (("item", tree.item_ids, "R018"), ("domain", tree.domain_ids, "R019")):
        if test.text(key) and test.text(key) not in known:
            yield tree.unknown(code, test.text(key), known, (*test.path, key))
    below, path = test.text("below"), (*test.path, "below")
    if below and below not in tree.ladder:
        yield tree.unknown("R015", below, tree.ladder, path)
    elif below and tree.ladder[below] == 0:
        yield problem("R038", tree.at(path), stage=below)


def profiles(tree: Tree) -> Iterator[Problem]:
    every = _profiles(tree)
    for name in every.node:
        for item_id, path in every.texts(name):
            if item_id not in tree.item_ids:
                yield tree.unknown("R018", item_id, tree.item_ids, path)


def floor_domains(tree: Tree) -> Iterator[Problem]:
    for domain_id, path in _scoring(tree).texts("floor_domains"):
        if domain_id not in tree.domain_ids:
            yield tree.unknown("R019", domain_id, tree.domain_ids, path)


def _scoring(tree: Tree) -> Part:
    return Part(("scoring",), dict(pairs_of(tree.data.get("scoring"))), "")


def _profiles(tree: Tree) -> Part:
    return Part(("profiles",), dict(pairs_of(tree.data.get("profiles"))), "")


def named_sources(tree: Tree) -> Iterator[Problem]:
    resources = {resource.id for resource in tree.resources}
    references = {reference.id for reference in tree.references}
    for item in tree.items:
        for key, known, code in (("resources", resources, "R026"), ("sources", references, "R027")):
            for named, path in item.texts(key):
                if named not in known:
                    yield tree.unknown(code, named, known, path)
    for resource in tree.resources:
        for stage, path in resource.texts("stages"):
            if stage not in tree.ladder:
                yield tree.unknown("R015", stage, tree.ladder, path)


def role_sides(tree: Tree) -> Iterator[Problem]:
    taken = {role.text("side") for role in tree.roles}
    if tree.roles and taken <= {"patients", "practice"}:
        for side in ("patients", "practice"):
            if side not in taken:
                yield problem("R048", tree.at(("roles",), key=True), side=side)


# Resources for every step


def a_resource_for_every_step(tree: Tree) -> Iterator[Problem]:
    if not tree.resources:
        if tree.data and "resources" not in tree.data:
            yield problem("R044", tree.at(()))
        return
    own: dict[str, set[str]] = {}
    by_topic: dict[str, set[str]] = {}
    for resource in tree.resources:
        stages = {stage for stage, _ in resource.texts("stages")}
        own.setdefault(resource.id, set()).update(stages)
        for topic, _ in resource.texts("topics"):
            by_topic.setdefault(topic, set()).update(stages)
    steps = list(tree.ladder)[1:STAGES_MAX]  # a team at one stage is given something for the next
    for item in tree.items:
        covered = [own.get(named, set()) for named, _ in item.texts("resources")]
        covered += [by_topic.get(topic, set()) for topic, _ in item.texts("topics")]
        open_steps = [stage for stage in steps if not any(stage in stages for stages in covered)]
        if open_steps:
            word = "stage" if len(open_steps) == 1 else "the stages"
            yield problem("R028", tree.id_place(item), item=item.shown, stages=f"{word} {listed(open_steps)}")


def unused_resources(tree: Tree) -> Iterator[Problem]:
    named = {named for item in tree.items for named, _ in item.texts("resources")}
    topics = {topic for item in tree.items for topic, _ in item.texts("topics")}
    for resource in tree.resources:
        if resource.id and resource.id not in named and topics.isdisjoint(topic for topic, _ in resource.texts("topics")):
            yield problem("R033", tree.id_place(resource), id=resource.shown)


def unserved_topics(tree: Tree) -> Iterator[Problem]:
    served = {topic for resource in tree.resources for topic, _ in resource.texts("topics")}
    for item in tree.items if tree.resources else ():
        for topic, path in item.texts("topics"):
            if topic not in served:
                hint = tree.hints.hint(topic, served)
                yield problem("R047", tree.at(path), id=shown_id(topic), item=item.shown, hint=hint)


# Lists


def _lists(tree: Tree) -> Iterator[tuple[Part, str, bool]]:
    """Every list of ids in a rubric: its part, its key, and whether an empty one makes no sense."""
    for item in tree.items:
        yield from ((item, key, False) for key in ("sources", "resources", "topics"))
    for resource in tree.resources:
        yield from ((resource, "topics", False), (resource, "stages", True))
    yield _scoring(tree), "floor_domains", False  # none at all is a way to say that no domain limits a placement
    yield from ((_profiles(tree), name, True) for name in _profiles(tree).node)


def lists(tree: Tree) -> Iterator[Problem]:
    empty: Iterable[tuple[Part, str]] = [(tree.root, "domains"), *((caution, "when_any") for caution in tree.cautions)]
    for part, key, needs_some in _lists(tree):
        seen: set[str] = set()
        for entry, path in part.texts(key):
            if entry in seen:
                yield problem("R039", tree.at(path), id=shown_id(entry), where=tree.where(path[:-1]))
            seen.add(entry)
        if needs_some and part.node.get(key) == []:
            yield _holds_nothing(tree, part, key)
    for part, key in empty:
        if part.node.get(key) == []:
            yield _holds_nothing(tree, part, key)
    for domain in tree.domains:
        if domain.node.get("items") == []:
            yield problem("R036", tree.at((*domain.path, "items"), key=True), domain=domain.shown)


def too_many_items(tree: Tree) -> Iterator[Problem]:
    if len(tree.items) > ITEMS_MAX:
        place = tree.at(tree.items[ITEMS_MAX].path)
        yield problem("R051", place, count=f"{len(tree.items):,}", limit=ITEMS_MAX)


def weights_too_fine(tree: Tree) -> Iterator[Problem]:
    """Weights become whole numbers over their common denominator, and sums of them must be exact as floats."""
    groups = [(tree.parts("items", domain)[:ITEMS_MAX], domain.path) for domain in tree.domains]
    for parts, path in [*groups, (tree.domains[:ITEMS_MAX], ("domains",))]:
        weights = [weight for part in parts if (weight := weight_of(part.node.get("weight", "1"))) is not None]
        common = lcm(*(weight.denominator for weight in weights)) if weights else 1
        if sum(weights) * common * POINTS_MAX > 2**53:
            yield problem("R052", tree.at(path), where=tree.where(path))


def _holds_nothing(tree: Tree, part: Part, key: str) -> Problem:
    return problem("R045", tree.at((*part.path, key), key=True), where=tree.where(part.path), key=shown_id(key))


CHECKS: tuple[Check, ...] = (
    id_shapes, reserved_ids, duplicate_ids, file_name, status,
    stage_count, stage_points, described_stages,
    gate_references, lowest_stage, gates_that_may_not_apply, gate_counts, repeated_gates,
    cautions, profiles, floor_domains, named_sources, role_sides,
    a_resource_for_every_step, unused_resources, unserved_topics, lists, too_many_items, weights_too_fine,
    *wording.CHECKS,
)  # fmt: skip
