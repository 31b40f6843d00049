"""The rubric as typed, frozen data: what a `format: 1` file holds, and the few questions everybody asks of it.

Whether a file's parts fit together is checked in `rubric.checks`; here is only the shape of each part. Every scalar
arrives as text (see `yamlfile`), so each field says how its text is read. Weights and shares are exact fractions.
"""

from __future__ import annotations

import hashlib
import json
import re
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

ID_RULE = "Ids begin with a small letter and hold at most 26 small letters, digits and single underscores."
LONG_ID_RULE = "Ids begin with a small letter and hold at most 40 small letters, digits, hyphens and single underscores."
RESERVED_IDS = frozenset(
    "practice respondent role period date kind overall index proposed placed held_back_by status reason row line na dk split "
    "blank consensus file mode respondents patients weighting confirmed_by_patients report_file bad_cells column value code "
    "message".split()
)
# What an answer may say in place of a stage, in every spelling; no text of a rubric may mean something else.
ANSWER_WORDS = {
    "not applicable": ("NA", "N/A", "not applicable"),
    "don't know": ("DK", "don't know", "do not know", "not sure"),
    "we do not agree": ("SPLIT", "we do not agree"),
}
_ID = re.compile(r"[a-z][a-z0-9_]{0,25}")
_LONG_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_FRACTION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?|[0-9]{1,6}/[0-9]{1,6}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,3}")
_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]{3,400}")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}")


def _rule(rule: str) -> PydanticCustomError:
    """A value of the right type that breaks a rule (reported as R030)."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def _expected(expected: str) -> PydanticCustomError:
    """A value of the wrong type (reported as R003)."""
    return PydanticCustomError("expected", "{expected}", {"expected": expected})


def _read_text(value: object) -> object:
    if not isinstance(value, str):
        raise _expected("a text")
    if not value.strip():
        raise PydanticCustomError("empty", "empty")
    return value.strip()


def _read_bool(value: object) -> object:
    if value not in ("true", "false"):
        raise _expected("true or false")
    return value == "true"


def _read_whole(value: object) -> object:
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise _expected("a whole number")
    return int(value)


def _read_fraction(value: object) -> object:
    if not isinstance(value, str) or not _FRACTION.fullmatch(value) or re.search(r"/0+$", value):
        raise _expected("a number such as 2, 0.5 or 2/3")
    return Fraction(value)


def _read_weight(value: object) -> object:
    weight = _read_fraction(value)
    assert isinstance(weight, Fraction)
    if not Fraction(1, 1000) <= weight <= 1000 or weight.denominator > 1000:
        raise _rule("A weight lies between 1/1000 and 1000; leave it out for 1.")
    return weight


def weight_of(text: object) -> Fraction | None:
    """The weight a text means, None where it means none; for checks, which take whatever is well-shaped."""
    try:
        weight = _read_weight(text)
    except PydanticCustomError:
        return None
    return weight if isinstance(weight, Fraction) else None


def _read_share(value: object) -> object:
    share = _read_fraction(value)
    assert isinstance(share, Fraction)
    if not 0 < share <= 1:
        raise _rule("A share lies above 0 and is at most 1.")
    return share


def _never_given(_value: object) -> object:
    raise PydanticCustomError("extra_forbidden", "computed, never given")


def _matching(pattern: re.Pattern[str], rule: str) -> BeforeValidator:
    def read(value: object) -> object:
        text = _read_text(value)
        if not pattern.fullmatch(str(text)):
            raise _rule(rule)
        return text

    return BeforeValidator(read)


_NUMBER_OR_TEXT = {"anyOf": [{"type": "number"}, {"type": "string"}]}
Text = Annotated[str, BeforeValidator(_read_text)]
LongText = Annotated[str, BeforeValidator(_read_text), StringConstraints(max_length=20_000)]
Flag = Annotated[bool, BeforeValidator(_read_bool), WithJsonSchema({"type": "boolean"})]
Whole = Annotated[int, BeforeValidator(_read_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
Weight = Annotated[Fraction, BeforeValidator(_read_weight), WithJsonSchema(_NUMBER_OR_TEXT)]
Share = Annotated[Fraction, BeforeValidator(_read_share), WithJsonSchema(_NUMBER_OR_TEXT)]
# Ids are given their message (R010) by the checks, which know what kind of id it is.
Id = Annotated[str, BeforeValidator(_read_text), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,25}$"})]
LongId = Annotated[str, BeforeValidator(_read_text), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"})]
Url = Annotated[
    str,
    _matching(_URL, "An address begins with https:// or http:// and holds no blanks."),
    WithJsonSchema({"type": "string", "format": "uri"}),
]
Version = Annotated[str, _matching(_VERSION, "Versions have three numbers, such as 1.0.0.")]
Year = Annotated[
    str,
    _matching(re.compile(r"(19|20)[0-9]{2}"), "A year has four digits; leave it out if it is not known."),
    WithJsonSchema({"type": ["integer", "string"]}),
]
Reviewed = Annotated[
    str, _matching(re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])(-[0-3][0-9])?"), "Write year and month, such as 2026-11.")
]
Language = Annotated[
    str, _matching(re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"), "A language is written as a code, such as en or pt-BR.")
]


def id_fault(text: str, *, long: bool = False) -> str:
    """The rule an id breaks, or an empty text; reserved words are a separate matter."""
    rule, pattern = (LONG_ID_RULE, _LONG_ID) if long else (ID_RULE, _ID)
    return "" if pattern.fullmatch(text) and (long or "__" not in text) else rule


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Stage(Part):
    """One step of the continuum; `points` is its number. `requires` maps a gate item to the stage it must reach."""

    id: Id
    name: Text
    points: Whole
    summary: Text = ""
    ask_example: Flag = False
    requires: dict[str, Text] = Field(default_factory=dict)


class Item(Part):
    """One thing assessed. `ask` is its wording, `levels` holds a descriptor per stage id."""

    id: Id
    name: Text = ""
    ask: Text
    window: Text = "3 months"
    levels: dict[str, Text]
    why: Text = ""
    try_: Annotated[Text, Field(alias="try")] = ""
    sources: tuple[LongId, ...] = ()
    resources: tuple[LongId, ...] = ()
    topics: tuple[Id, ...] = ()
    weight: Weight = Fraction(1)
    not_applicable: Flag = False

    @property
    def short(self) -> str:
        """A few words for the item in a sentence; its question where the author gave none."""
        return self.name or self.ask


class Domain(Part):
    """A named group of items scored together."""

    id: Id
    name: Text
    why: Text = ""
    journey: Flag = False
    weight: Weight = Fraction(1)
    items: tuple[Item, ...]


class Side(Part):
    """Patients or practice: `name` for all of them, `one` for one of them."""

    name: Text
    one: Text


class Sides(Part):
    patients: Side = Side.model_construct(name="Patients and carers", one="a patient partner")
    practice: Side = Side.model_construct(name="Practice team", one="a team member")


class Role(Part):
    id: Id
    name: Text
    side: Literal["patients", "practice"]


class Scoring(Part):
    """The adjustable numbers of the scoring rule; `floor_domains` None means all domains."""

    domain_min_share: Share = Fraction(2, 3)
    item_min_answers: Whole = 2
    weighting: Literal["sides", "respondents"] = "sides"
    max_domain_lag: Whole = 1
    floor_domains: tuple[Id, ...] | None = None


class CautionTest(Part):
    item: Text = ""
    domain: Text = ""
    below: Text


class Caution(Part):
    """A warning printed beside a placement at or above `placed_at_least` when any test holds."""

    when_any: tuple[CautionTest, ...]
    placed_at_least: Text
    say: Text


class Resource(Part):
    id: LongId
    title: Text
    publisher: Text
    year: Year = ""
    url: Url
    kind: Text = ""
    topics: tuple[Id, ...] = ()
    stages: tuple[Id, ...]
    for_whom: Text = ""
    licence: Text = ""
    reviewed: Reviewed = ""


class Reference(Part):
    id: LongId
    citation: Text
    doi: Text = ""


class Gate(Part):
    """Stage `stage` requires `item` at `required` or above (ids)."""

    stage: str
    item: str
    required: str


class Rubric(Part):
    """The whole instrument. Build it with `load_rubric`, which also proves that its parts fit together."""

    format: Annotated[Literal["1"], WithJsonSchema({"const": 1})]
    id: LongId
    version: Version
    status: Literal["draft", "active", "retired"] = "active"
    title: Text
    language: Language = "en"
    license: Text = ""
    citation: LongText = ""
    about: LongText = ""
    start: LongText = ""
    stages: tuple[Stage, ...]
    domains: tuple[Domain, ...]
    sides: Sides = Field(default_factory=Sides)
    roles: tuple[Role, ...] = ()
    scoring: Scoring = Field(default_factory=Scoring)
    cautions: tuple[Caution, ...] = ()
    profiles: dict[str, tuple[Id, ...]] = Field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    references: tuple[Reference, ...] = ()
    sha256: Annotated[str, BeforeValidator(_never_given), Field(exclude=True)] = ""  # computed by the loader

    @cached_property
    def p_min(self) -> int:
        return self.stages[0].points

    @cached_property
    def p_max(self) -> int:
        return self.stages[-1].points

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in rubric order."""
        return tuple(item for domain in self.domains for item in domain.items)

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _home(self) -> dict[str, Domain]:
        return {item.id: domain for domain in self.domains for item in domain.items}

    def stage(self, stage_id: str) -> Stage:
        return self._stages[stage_id]

    def stage_at(self, points: int) -> Stage:
        return self.stages[points - self.p_min]

    def item(self, item_id: str) -> Item:
        return self._items[item_id]

    def domain(self, domain_id: str) -> Domain:
        return next(domain for domain in self.domains if domain.id == domain_id)

    def domain_of(self, item_id: str) -> Domain:
        return self._home[item_id]

    def cut(self, stage: Stage | str) -> Fraction:
        """The score from which a stage begins: its points less one half. A score on the cut is above it."""
        points = stage.points if isinstance(stage, Stage) else self.stage(stage).points
        return points - Fraction(1, 2)

    def passes(self, gate: Gate, score: Any) -> Any:
        """Whether an item's score (or each of a column) meets a gate. States lie below every cut, so they never do."""
        return score >= float(self.cut(gate.required))

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate, by stage from the lowest, then in rubric order of the items."""
        order = {item_id: position for position, item_id in enumerate(self.item_ids)}
        return tuple(
            Gate(stage=stage.id, item=item, required=required)
            for stage in self.stages
            for item, required in sorted(stage.requires.items(), key=lambda pair: order[pair[0]])
        )

    @cached_property
    def gate_items(self) -> tuple[str, ...]:
        """The ids of all gate items in rubric order."""
        gated = {gate.item for gate in self.gates}
        return tuple(item_id for item_id in self.item_ids if item_id in gated)

    @cached_property
    def floor_domains(self) -> tuple[str, ...]:
        """The ids of the domains that limit a placement, in rubric order."""
        chosen = self.scoring.floor_domains
        return tuple(domain.id for domain in self.domains if chosen is None or domain.id in chosen)

    def profile_items(self, profile: str) -> tuple[str, ...]:
        """The item ids a profile asks, in rubric order; `full` asks all. Raises KeyError for an unknown profile."""
        if profile == "full":
            return self.item_ids
        asked = set(self.profiles[profile])
        return tuple(item_id for item_id in self.item_ids if item_id in asked)


def without_own_keys(data: Any) -> Any:
    """A raw rubric without its `x-` keys, which are the author's own and mean nothing here."""
    if isinstance(data, dict):
        return {key: without_own_keys(value) for key, value in data.items() if not key.startswith("x-")}
    if isinstance(data, list):
        return [without_own_keys(value) for value in data]
    return data


def canonical_sha256(data: Any) -> str:
    """The fingerprint of a raw rubric: parsed, keys sorted, without `x-` keys. Layout and comments do not count."""
    text = json.dumps(without_own_keys(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
