"""JSON Schemas (draft 2020-12) of the files this program reads and writes: for editors, and for scripts that read our output.

The schema of a rubric comes from the models that read it. The others describe shapes that are fixed for `format: 1`;
the tests hold them against what the commands really write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ITEM_ID = "^[a-z][a-z0-9_]{0,25}$"
PERIOD = r"^\d{4}(-Q[1-4]|-H[12])?$"

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_STAGE: Schema = {"type": ["string", "null"], "description": "The id of a stage, or null where there is none."}
_SCORE: Schema = {"type": ["number", "null"], "minimum": 0, "description": "Points, to nine decimals; null where not scored."}
_STATUS: Schema = {"enum": ["scored", "incomplete", "too_few_respondents", "profile", "no_answers"]}
_INDEX: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 100}
_CONFIRMED: Schema = {"enum": ["yes", "partly", "no", "not_asked", None]}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


def answers_schema() -> Schema:
    """An answers file, as an editor may check it; which items and roles there are only the rubric knows."""
    # A bare 2 is a number to an editor; our reader takes every scalar as text.
    answer: Schema = {"type": ["string", "integer", "null"], "description": "A stage (id, name or points), DK, NA or SPLIT."}
    noted = _object({"answer": answer}, {"note": _TEXT, "reason": _TEXT, "evidence": _TEXT})
    return {
        "$schema": DRAFT,
        "title": "An answers file of partnercheck (format 1)",
        "type": "object",
        "properties": {
            "format": {"enum": [1, "1"]},
            "rubric": {"type": "string", "description": "The id of the rubric."},
            "practice": _TEXT,
            "period": {"type": ["string", "integer"], "description": "A quarter, half-year or year: 2026-Q4, 2026-H2, 2026."},
            "profile": {"type": "string", "description": "full, or the id of a shorter check."},
            "present": {"type": "object", "description": "A team: how many of each role.", "additionalProperties": _COUNT},
            "respondent": {"type": ["string", "integer"], "description": "One person: who."},
            "role": {"type": "string", "description": "One person: in which role."},
            "confirmed_by_patients": {"enum": ["yes", "partly", "no", "not_asked"]},
            "answers": {
                "type": "object",
                "propertyNames": {"pattern": ITEM_ID},
                "additionalProperties": {"anyOf": [answer, noted]},
            },
        },
        "required": ["answers"],
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }


def results_schema() -> Schema:
    """What `partnercheck score --format json` writes."""
    overall = _object(
        {
            "score": _SCORE,
            "index": _INDEX,
            "proposed": _STAGE,
            "placed": _STAGE,
            "possible": {
                "anyOf": [_object({"low": _STAGE, "high": _STAGE}), {"type": "null"}],
                "description": "The stages an incomplete row lies between, whatever the open answers turn out to be.",
            },
            "status": _STATUS,
            "held_back_by": {"type": ["array", "null"], "items": _TEXT},
        }
    )
    domain = _object(
        {
            "id": _TEXT,
            "score": _SCORE,
            "placed": _STAGE,
            "answered": _COUNT,
            "applicable": _COUNT,
            "status": {"enum": [*_STATUS["enum"], "not_applicable"]},
        }
    )
    scores = {
        "overall": overall,
        "domains": _list(domain),
        "items": _list(_object({"id": _TEXT, "score": _SCORE, "state": {"enum": ["answered", "na", "dk", "split", "blank"]}})),
    }
    count: Schema = {"type": ["integer", "null"], "minimum": 0}
    practice = _object(
        {
            "practice": _TEXT,
            "period": _TEXT_OR_NONE,
            "mode": {"enum": ["consensus", "pooled"]},
            "respondents": count,
            "patients": count,
            "weighting": {"enum": ["sides", "respondents", None]},
            "weighting_reason": _TEXT_OR_NONE,
            "confirmed_by_patients": _CONFIRMED,
            **scores,
        }
    )
    keys = {
        "file": _TEXT,
        "row": _COUNT,
        "practice": _TEXT,
        "period": _TEXT_OR_NONE,
        "respondent": _TEXT_OR_NONE,
        "role": _TEXT_OR_NONE,
    }
    respondent = _object({**keys, **scores})
    return {
        "$schema": DRAFT,
        "title": "Results of partnercheck score (format 1)",
        **_object(
            {
                "format": {"const": 1},
                "rubric": _object({"id": _TEXT, "version": _TEXT, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}),
                "rows": _object({"read": _COUNT, "scored": _COUNT, "rejected": _COUNT}),
                "practices": _list(practice),
                "problems": _list(_problem()),
            },
            {"respondents": _list(respondent)},
        ),
    }


def _problem() -> Schema:
    """A located finding, as in problems.csv. `row` is a data record, `line` a physical line; both count from 1."""
    number: Schema = {"type": ["integer", "null"], "minimum": 0}
    required = {"file": _TEXT_OR_NONE, "row": number, "line": number, "column": _TEXT_OR_NONE, "value": _TEXT_OR_NONE}
    return _object({**required, "code": {"type": "string", "pattern": "^[A-Z][0-9]{3}$"}, "message": _TEXT})


def rubric_schema() -> Schema:
    """A rubric file, from the models that read it."""
    from partnercheck.rubric.schema import rubric_schema as from_models

    schema: Schema = from_models()
    return schema


def report_schema() -> Schema:
    """What `partnercheck report --format json` writes: the view itself, so its own types describe it."""
    from pydantic import TypeAdapter

    from partnercheck.reports.view import ReportView

    schema = TypeAdapter(ReportView).json_schema(ref_template="#/$defs/{model}")
    parts: dict[str, Schema] = schema["properties"]
    rubric = _object({"id": parts.pop("rubric"), "version": parts.pop("version"), "sha256": parts.pop("sha256")})
    required = [name for name in schema["required"] if name in parts]
    return {
        "$schema": DRAFT,
        "title": "A report of partnercheck (format 1)",
        "type": "object",
        "properties": {"format": {"const": 1}, "rubric": rubric, **parts},
        "required": ["format", "rubric", *required],
        "additionalProperties": False,
        "$defs": schema["$defs"],
    }


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "results": results_schema,
    "report": report_schema,
    "rubric": rubric_schema,
    "answers": answers_schema,
}


def schema_of(name: str) -> Schema:
    """The JSON Schema of one kind of file: results, report, rubric or answers."""
    return SCHEMAS[name]()
