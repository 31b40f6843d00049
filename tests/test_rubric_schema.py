"""The JSON Schema for editors: it takes what the rubric reader takes, and refuses what it refuses in shape."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from partnercheck.places import shipped
from partnercheck.rubric import model
from partnercheck.rubric.schema import DESCRIPTIONS, rubric_schema
from rubrics import SMALL, WORKED, edited, small_rubric


class Yaml12(yaml.SafeLoader):
    """Reads YAML as editors do: numbers, true and false and null are typed; `no` and dates are texts (YAML 1.2)."""


Yaml12.yaml_implicit_resolvers = {}
for kind, pattern in (
    ("bool", r"true|false"),
    ("null", r"null|~|"),
    ("int", r"[-+]?[0-9]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{pattern})$"), None)  # type: ignore[no-untyped-call]


def complaints(text: str) -> list[str]:
    data = yaml.load(text, Yaml12)  # noqa: S506 - a safe loader
    return [
        f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in Draft202012Validator(rubric_schema()).iter_errors(data)
    ]


def test_it_is_a_schema_that_needs_nothing_from_elsewhere() -> None:
    schema = rubric_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema, allow_nan=False)
    assert "$id" not in text
    assert set(re.findall(r'"\$ref": "([^"]*)"', text)) <= {f"#/$defs/{name}" for name in schema["$defs"]}


@pytest.mark.parametrize("text", [SMALL, WORKED], ids=["small", "worked"])
def test_a_good_rubric_is_good(text: str) -> None:
    assert complaints(text) == []


def test_the_built_in_rubric_is_good() -> None:
    assert complaints((shipped("rubrics") / "partnership-journey.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (edited("format: 1", "format: 2"), "format"),
        (edited("title: A small rubric\n", ""), "title"),
        (edited("ask: Who speaks", "txt: Who speaks"), "txt"),
        (edited("id: staff_time", "id: Staff-Time"), "Staff-Time"),
        (edited("side: practice}\n  - {id: manager", "side: practise}\n  - {id: manager"), "practise"),
        (edited("points: 2,", "points: two,"), "points"),
        (edited("ask_example: true", "ask_example: yes"), "ask_example"),
        (edited("not_yet: Nobody has time for this.", "not_yet: [Nobody]"), "levels"),
        (small_rubric(profiles="{pulse: who_decides}"), "profiles"),
        (small_rubric(stages="[{id: a, name: A, points: 0}]"), "stages"),
        (SMALL + "sha256: 00\n", "sha256"),
        ("[]", ""),
    ],
)
def test_a_broken_one_is_not(text: str, where: str) -> None:
    assert any(where in complaint for complaint in complaints(text))


def test_keys_of_ones_own_are_allowed_everywhere() -> None:
    text = edited(
        "levels:\n          not_yet: Nobody",
        "x-note: {a: [b]}\n        levels:\n          x-mine: [1]\n          not_yet: Nobody",
    )
    assert complaints(text + "x-anything: 1\n") == []


def parts() -> list[type[model.Part]]:
    return [part for part in model.Part.__subclasses__() if part is not model.Gate and part.__module__ == model.__name__]


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.__name__)
def test_every_key_is_described_to_authors(part: type[model.Part]) -> None:
    keys = {field.alias or name for name, field in part.model_fields.items() if name != "sha256"}
    assert set(DESCRIPTIONS[part.__name__]) == keys
    schema: dict[str, Any] = rubric_schema()
    properties = (schema if part is model.Rubric else schema["$defs"][part.__name__])["properties"]
    assert set(properties) == keys
    assert all(value["description"] for value in properties.values())
