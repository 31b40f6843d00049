"""The scoring rule once more, in exact fractions and plain loops: the judge over the product's data-frame expressions.

It shares nothing with `partnercheck.scoring`: it climbs stage by stage where the product takes the lowest ceiling, and it
never sees a float. `rubric_of` turns a rubric written in short (texts left out) into a real one, through the real reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from partnercheck import yamlfile
from partnercheck.rubric.loader import examine
from partnercheck.rubric.model import Rubric

HALF = Fraction(1, 2)


def tidy(text: str) -> str:
    """An id of the check values as a rubric may have it."""
    return text.lower().replace(".", "_")


def rubric_of(short: Mapping[str, Any]) -> Rubric:
    """A whole rubric from one in short: `stages` with points and requires, `domains` with items, `scoring`."""
    stages = [
        {
            "id": stage["id"],
            "name": f"The stage {stage['id']}",
            "points": str(stage["points"]),
            **({"requires": {tidy(item): level for item, level in stage["requires"].items()}} if stage.get("requires") else {}),
        }
        for stage in short["stages"]
    ]
    domains = [
        {
            "id": tidy(domain["id"]),
            "name": f"Area {domain['id']}",
            **({"weight": str(domain["weight"])} if "weight" in domain else {}),
            "items": [
                {
                    "id": tidy(item["id"]),
                    "ask": f"How is {item['id']}?",
                    "levels": {stage["id"]: f"What one sees of {item['id']} at {stage['id']}" for stage in stages},
                    **({"weight": str(item["weight"])} if "weight" in item else {}),
                    **({"not_applicable": "true"} if item.get("not_applicable") else {}),
                }
                for item in domain["items"]
            ],
        }
        for domain in short["domains"]
    ]
    scoring = {
        key: [tidy(entry) for entry in value] if isinstance(value, list) else str(value)
        for key, value in short.get("scoring", {}).items()
    }
    whole = {"format": "1", "id": "short", "version": "1.0.0", "title": "In short", "stages": stages, "domains": domains}
    whole |= {"scoring": scoring} if scoring else {}
    document, problems = yamlfile.read(json.dumps(whole).encode(), "short.yaml")
    rubric, found = examine(document, problems)
    assert rubric is not None, [entry for entry in found if entry.is_error]
    return rubric


def to_nine(value: Fraction) -> Fraction:
    """Half up to nine decimals."""
    return Fraction((value * 10**9 + HALF).__floor__(), 10**9)


def band(score: Fraction, rubric: Rubric) -> int:
    """The highest stage whose cut the score reaches."""
    points = rubric.stages[0].points
    for stage in rubric.stages:
        if score >= stage.points - HALF:
            points = max(points, stage.points)
    return points


def reference(codes: Mapping[str, int], rubric: Rubric) -> dict[str, Any]:
    """domains (Fraction or None), overall, proposed, placed, held_back_by of one row of codes, exactly."""
    means: dict[str, Fraction | None] = {}
    is_applicable = {}
    for domain in rubric.domains:
        applicable = [item for item in domain.items if codes[item.id] != -1]
        answered = [item for item in applicable if codes[item.id] >= 0]
        needed = max(ceil(rubric.scoring.domain_min_share * len(applicable)), min(2, len(applicable)))
        is_applicable[domain.id] = bool(applicable)
        enough = bool(applicable) and len(answered) >= needed
        means[domain.id] = (
            sum((item.weight * codes[item.id] for item in answered), Fraction()) / sum(item.weight for item in answered)
            if enough
            else None
        )
    result: dict[str, Any] = {"domains": {name: None if mean is None else to_nine(mean) for name, mean in means.items()}}
    lacking = any(means[name] is None and is_applicable[name] for name in means)
    if lacking or not any(is_applicable.values()):
        return result | {"overall": None, "proposed": None, "placed": None, "held_back_by": None}
    weights = {domain.id: domain.weight for domain in rubric.domains if means[domain.id] is not None}
    overall = to_nine(
        sum((weights[name] * mean for name, mean in means.items() if mean is not None), Fraction()) / sum(weights.values())
    )
    proposed = band(overall, rubric)
    placed, held = climb(codes, result["domains"], proposed, rubric)
    names = {stage.points: stage.id for stage in rubric.stages}
    return result | {"overall": overall, "proposed": names[proposed], "placed": names[placed], "held_back_by": held}


def climb(
    codes: Mapping[str, int], scores: Mapping[str, Fraction | None], proposed: int, rubric: Rubric
) -> tuple[int, list[str]]:
    """From the lowest stage upward, stopping below the first stage with something that fails."""
    needs = {stage.id: stage.points - HALF for stage in rubric.stages}
    placed = rubric.stages[0].points
    for stage in rubric.stages[1:]:
        if stage.points > proposed:
            break
        items = [item.id for domain in rubric.domains for item in domain.items if item.id in stage.requires]
        failing = [item for item in items if codes[item] < needs[stage.requires[item]]]
        floors = rubric.scoring.floor_domains
        for domain in rubric.domains:
            score = scores[domain.id]
            counts = floors is None or domain.id in floors
            if counts and score is not None and band(score, rubric) < stage.points - rubric.scoring.max_domain_lag:
                failing.append(f"domain:{domain.id}")
        if failing:
            return placed, failing
        placed = stage.points
    return placed, []
