"""From a name or a file to a rubric that can be used, or to everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from partnercheck import yamlfile
from partnercheck.errors import RubricError
from partnercheck.places import data_dir, shipped
from partnercheck.problems import Problem, in_order, problem
from partnercheck.rubric import checks
from partnercheck.rubric.model import Rubric, canonical_sha256, without_own_keys
from partnercheck.rubric.tree import Hints, listed, nearest, shown_id, shown_text, shown_value, where

DEFAULT_RUBRIC = "partnership-journey"
# What authors write instead of the key they mean.
_SYNONYMS = {
    "txt": "ask", "text": "ask", "question": "ask", "wording": "ask", "prompt": "ask", "descriptors": "levels", "anchors": "levels",
    "label": "name", "licence": "license", "lang": "language", "score": "points", "gates": "requires", "must_have": "requires",
    "na": "not_applicable", "link": "url", "address": "url", "description": "summary", "questions": "items", "areas": "domains",
}  # fmt: skip


def builtin_folder() -> Path:
    """The folder of the built-in rubrics."""
    return shipped("rubrics")


def own_folder(chosen: Path | None = None) -> Path:
    """The folder of the user's own rubrics, in the data directory."""
    return data_dir(chosen) / "rubrics"


def rubric_files(folder: Path) -> list[Path]:
    """The rubric files of a folder by name: `ID.yaml`, not the `ID.cases.yaml` or translations beside them."""
    return sorted(path for path in folder.glob("*.yaml") if "." not in path.stem) if folder.is_dir() else []


def find(reference: str | Path, data_folder: Path | None = None) -> Path:
    """The file of a rubric: a path if it has a `/` or ends in `.yaml`, else built-in, else the user's own."""
    text = str(reference)
    if isinstance(reference, Path) or "/" in text or os.sep in text or text.endswith((".yaml", ".yml")):
        return Path(text)
    folders = (builtin_folder(), own_folder(data_folder))
    known = {path.stem: path for folder in reversed(folders) for path in rubric_files(folder)}
    if text in known:
        return known[text]
    raise RubricError(
        f"There is no rubric '{text}'{nearest(text, known)}. Known: {listed(sorted(known))}. A file is named with its ending, such as ./{shown_id(text)}.yaml."
    )


def load_rubric(reference: str | Path = DEFAULT_RUBRIC, *, data_folder: Path | None = None) -> Rubric:
    """Load a rubric by id or path.

    Raises `RubricError`, which carries every problem of the file (its `problems`), when the rubric cannot be used.
    """
    path = find(reference, data_folder)
    document, problems = yamlfile.read_file(path)
    rubric, more = examine(document, problems)
    if rubric is None:
        errors = [found for found in more if found.is_error]
        raise RubricError(f"The rubric '{path}' cannot be used: {len(errors)} error{'s' * (len(errors) != 1)}.", errors)
    return rubric


def examine(document: yamlfile.Document, problems: list[Problem]) -> tuple[Rubric | None, list[Problem]]:
    """The rubric of a document (None if it has errors) and all problems in order, those of reading included."""
    found = list(problems)
    rubric = None
    if document.data is not None:
        if not isinstance(document.data, dict):
            kind = "a list" if isinstance(document.data, list) else "a text"
            found.append(problem("Y012", document.place(()), found=kind, expected="format: 1"))
        else:
            try:
                rubric = Rubric.model_validate(without_own_keys(document.data))
            except ValidationError as fault:
                found.extend(_shape_problems(document, fault))
            found.extend(checks.run(document))
    if any(entry.is_error for entry in found):
        rubric = None
    if rubric is not None:
        rubric = rubric.model_copy(update={"sha256": canonical_sha256(document.data)})
    return rubric, in_order(set(found))


def _shape_problems(document: yamlfile.Document, fault: ValidationError) -> Iterator[Problem]:
    hints = Hints()
    errors = fault.errors(include_url=False)
    if len(errors) > yamlfile.FAULT_LIMIT:
        yield problem("Y013", document.place(()), limit=f"{yamlfile.FAULT_LIMIT:,}")
    for error in errors[: yamlfile.FAULT_LIMIT]:
        path = tuple(part for part in error["loc"] if part != "[key]")
        key = str(path[-1]) if path else ""
        owner = where(document, path[:-1])
        place = document.place(path)
        match error["type"]:
            case "missing":
                yield problem("R002", document.place(path[:-1], key=not path[:-1]), where=owner, key=key)
            case "extra_forbidden":
                known = _known_keys(path[:-1])
                hint = _meant(key, known, hints)
                yield problem(
                    "R012", document.place(path, key=True), key=shown_id(key), where=owner, hint=hint, known=", ".join(known)
                )
            case "empty":
                yield problem("R004", place, where=owner, key=key)
            case "rule":
                yield problem("R030", place, where=owner, key=key, shown=shown_text(str(error["input"])), rule=error["msg"])
            case "expected":
                yield problem("R003", place, where=owner, key=key, expected=error["msg"], found=shown_value(error["input"]))
            case "literal_error" if path == ("format",):
                yield problem("R001", place, shown=shown_text(str(error["input"])))
            case "literal_error" if path and path[-1] == "side":
                given = str(error["input"])
                yield problem("R029", place, id=shown_id(given), where=owner, hint=hints.hint(given, ["patients", "practice"]))
            case "literal_error":
                expected = str(error["ctx"]["expected"]).replace("'", "")
                yield problem("R003", place, where=owner, key=key, expected=expected, found=shown_value(error["input"]))
            case _:
                yield problem(
                    "R003", place, where=owner, key=key, expected=_expectation(error["type"]), found=shown_value(error["input"])
                )


def _expectation(kind: str) -> str:
    if kind.startswith(("tuple", "list")):
        return "a list"
    if kind.startswith(("dict", "model", "mapping")):
        return "a group of 'key: value' lines"
    return "at most 20,000 characters" if kind == "string_too_long" else "a text"


def _known_keys(path: tuple[Any, ...]) -> list[str]:
    """The keys a mapping at `path` may have, from the models themselves."""
    from partnercheck.rubric import model

    owners: dict[str, type[model.Part]] = {
        "stages": model.Stage, "items": model.Item, "domains": model.Domain, "roles": model.Role, "resources": model.Resource,
        "references": model.Reference, "cautions": model.Caution, "when_any": model.CautionTest, "scoring": model.Scoring,
        "sides": model.Sides, "patients": model.Side, "practice": model.Side,
    }  # fmt: skip
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    fields = owners.get(name, Rubric).model_fields
    return [entry.alias or key for key, entry in fields.items() if key != "sha256"]


def _meant(key: str, known: list[str], hints: Hints) -> str:
    synonym = _SYNONYMS.get(key.casefold().replace("-", "_"))
    return f" (did you mean '{synonym}'?)" if synonym in known else hints.hint(key, known)
