"""The JSON Schema of a rubric file, for editors that check and complete YAML while an author types.

It is made from the models, so it cannot say anything else than they do. What only the checks know (ids that must exist,
texts that must differ) it cannot say: `partnercheck rubric check` does. Editors read YAML their own way, so a number
(`points: 3`, `year: 2020`) may stand as a number here, although our reader takes every scalar as text.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from partnercheck.rubric.model import Part, Rubric

OWN_KEYS = {"^x-": {"description": "A key of your own; kept and ignored."}}
_STAGE_MAP = "Pairs of an item id and the stage it must reach"

# What an author is told at each key: by the model's name, then by the key in the file.
DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Rubric": {
        "format": "The format of this file: 1.",
        "id": "The rubric's name in commands; the file is called the same, with .yaml.",
        "version": "Three numbers. First: ids, points, weights, must-haves or meaning changed; second: resources, notes; third: wording.",
        "status": "draft, active or retired.",
        "title": "The name people read.",
        "language": "A code such as en or pt-BR.",
        "license": "How others may use the rubric, such as CC-BY-4.0.",
        "citation": "How to cite it.",
        "about": "What it measures, what it does not, and who has tested it.",
        "start": "The page shown to practices where patients are not involved yet.",
        "stages": "3 to 9 stages of the continuum, lowest first.",
        "domains": "Areas that are scored together, each with its questions.",
        "sides": "What the two sides are called.",
        "roles": "Who can answer, and on which side they are.",
        "scoring": "The adjustable numbers of the scoring rule.",
        "cautions": "Warnings printed beside a high placement.",
        "profiles": "Shorter versions: a name and the ids of the items asked. 'full' is built in.",
        "resources": "Things to read or use, recommended to teams one stage below the stages they are for.",
        "references": "The sources that items name.",
    },
    "Stage": {
        "id": "The stage's id, used in levels, requires and answers.",
        "name": "The name people read in reports; it is not shown while they answer.",
        "points": "Whole numbers, one apart, from 0 or 1.",
        "summary": "One sentence: what one would see at this stage.",
        "ask_example": "true: ask for one example when this stage is chosen.",
        "requires": f"Must-haves: {_STAGE_MAP.lower()}.",
    },
    "Item": {
        "id": "The item's id, also its column in tables.",
        "name": "A few words for it in a sentence.",
        "ask": "The question, as it is read aloud.",
        "window": "The time it asks about, such as 3 months.",
        "levels": "A descriptor for every stage: what one would see. One test each, at most 25 words.",
        "why": "Why it is asked.",
        "try": "What a team could try next.",
        "sources": "Ids of entries under references.",
        "resources": "Ids of entries under resources, first choice first.",
        "topics": "Resources with one of these topics are recommended too.",
        "weight": "How much it counts in its domain; 1 if left out.",
        "not_applicable": "true: 'not applicable' may be answered. Not for must-haves.",
    },
    "Domain": {
        "id": "The domain's id, also its column in results.",
        "name": "The name people read.",
        "why": "Why this area matters.",
        "journey": "true: part of the shared learning journey; one next step is taken from here.",
        "weight": "How much it counts in the overall score; 1 if left out.",
        "items": "The questions of this area.",
    },
    "Sides": {"patients": "The patient side.", "practice": "The practice side."},
    "Side": {"name": "All of them, such as Patients and carers.", "one": "One of them, such as a patient partner."},
    "Role": {"id": "The role's id.", "name": "The name people choose from a list.", "side": "patients or practice."},
    "Scoring": {
        "domain_min_share": "The share of a domain's applicable items that must be answered, such as 2/3.",
        "item_min_answers": "How many people must answer an item (surveys).",
        "weighting": "sides: patients and practice count one half each; respondents: every person counts the same.",
        "max_domain_lag": "How many stages a domain may lie below the placement.",
        "floor_domains": "Ids of the domains that limit a placement; all if left out.",
    },
    "Caution": {
        "when_any": "The caution is printed when any of these holds.",
        "placed_at_least": "Only at this stage or above.",
        "say": "The sentence to print.",
    },
    "CautionTest": {
        "item": "An item id; or name a domain.",
        "domain": "A domain id; or name an item.",
        "below": "True below this stage.",
    },
    "Resource": {
        "id": "The resource's id.",
        "title": "Its title.",
        "publisher": "Who publishes it.",
        "year": "The year; leave it out if it is not known.",
        "url": "Its address.",
        "kind": "Such as guide, template, course or paper.",
        "topics": "Items with one of these topics recommend it.",
        "stages": "The stages it helps to reach.",
        "for_whom": "Whom it was written for.",
        "licence": "How it may be used.",
        "reviewed": "Year and month in which somebody last looked at it.",
    },
    "Reference": {
        "id": "The reference's id, used in sources.",
        "citation": "The full citation.",
        "doi": "Its DOI, such as 10.1097/…",
    },
}


def rubric_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a rubric file. It names no address that would have to be fetched."""
    made = Rubric.model_json_schema(by_alias=True, mode="validation", schema_generator=_Generator)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "partnercheck rubric, format 1"}
    stages = made["properties"]["stages"]
    stages.update(minItems=3, maxItems=9)
    return made


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, with words for authors, keys of their own, and without its defaults."""

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])  # the defaults are Python's; the descriptions tell them

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        return {**super().dict_schema(schema), "patternProperties": OWN_KEYS}

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().model_schema(schema)
        model: type[Part] = schema["cls"]
        told = DESCRIPTIONS[model.__name__]
        properties = {key: {**value, "description": told[key]} for key, value in made["properties"].items() if key in told}
        for value in properties.values():
            value.pop("title", None)
        made.update(properties=properties, patternProperties=OWN_KEYS)
        if model.__doc__:
            made["description"] = model.__doc__.partition("\n")[0]
        return made
