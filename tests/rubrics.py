"""Small, complete, faultless rubrics to build tests on, as the YAML text an author would write."""

from __future__ import annotations

import json
import re
from pathlib import Path

from partnercheck import yamlfile
from partnercheck.problems import render
from partnercheck.rubric.loader import examine
from partnercheck.rubric.model import Rubric

SMALL = """\
format: 1
id: small
version: 1.0.0
status: active
title: A small rubric
language: en
license: CC0-1.0
about: This rubric is made for tests.
stages:
  - {id: not_yet, name: Not yet, points: 0, summary: Nothing is in place yet.}
  - {id: consultation, name: Consultation, points: 1, summary: We ask and we decide.}
  - {id: involvement, name: Involvement, points: 2, summary: Patients are in some of the work.}
  - id: partnership
    name: Partnership
    points: 3
    summary: Patients share in the choices.
    ask_example: true
    requires: {who_decides: partnership, who_learns: involvement}
  - id: codesign
    name: Co-design partnership
    points: 4
    summary: Patients and staff do all of it together.
    requires: {who_designs: codesign}
domains:
  - id: means
    name: Time and money
    why: Work needs time.
    items:
      - id: staff_time
        ask: Do staff have time to work with patients?
        name: staff time
        levels:
          not_yet: Nobody has time for this.
          consultation: Somebody squeezes it in on a quiet day.
          involvement: We agree on hours for single projects.
          partnership: The hours are on the rota and they are kept.
          codesign: Patients help to plan these hours with us.
        resources: [guide-one]
        topics: [means]
      - id: paying
        ask: Are patients thanked and paid?
        name: paying patients
        window: 12 months
        not_applicable: true
        levels:
          not_yet: There is no thanks or money.
          consultation: They get warm words at the end.
          involvement: Bus fares are paid back on request.
          partnership: A fair sum is offered at the start.
          codesign: The sum was set with patients and is in the budget.
        topics: [means]
  - id: team
    name: The team
    items:
      - id: who_speaks
        ask: Who speaks at the meetings?
        name: who speaks
        weight: 2
        levels:
          not_yet: No patient comes to a meeting.
          consultation: Staff speak, then patients may comment.
          involvement: The chair invites patients to say something.
          partnership: Everybody has a turn and plain words are used.
          codesign: Patients and staff take turns in the chair.
        topics: [teamwork]
      - id: who_learns
        ask: Who learns new skills?
        name: who learns
        levels:
          not_yet: We do not learn as a team.
          consultation: There is training for staff.
          involvement: A short course was held for patients.
          partnership: Both groups sit in one course.
          codesign: Patients help to teach newcomers.
        sources: [someone2020]
        topics: [teamwork]
      - id: how_often
        ask: How often do you meet?
        name: how often you meet
        levels:
          not_yet: Never, as far as we know.
          consultation: Once or twice in a year.
          involvement: A few times while a project runs.
          partnership: On set dates that are kept.
          codesign: It is part of each working week.
        topics: [teamwork]
  - id: choices
    name: Shared choices
    journey: true
    items:
      - id: who_decides
        ask: Who decides what happens?
        name: who decides
        levels:
          not_yet: We cannot say how it is decided.
          consultation: Staff decide alone.
          involvement: Staff decide and explain why.
          partnership: Patients and staff decide together.
          codesign: Patients can also stop or change a plan.
        why: Sharing a choice is what makes partners.
        sources: [someone2020]
        topics: [teamwork]
      - id: who_designs
        ask: Who designs a change?
        name: who designs
        levels:
          not_yet: Changes come from outside.
          consultation: We show people a finished idea.
          involvement: Early ideas from patients are used.
          partnership: Options are built by both sides.
          codesign: Both sides build, try and improve it as one group.
        topics: [teamwork]
sides:
  patients: {name: Patients and carers, one: a patient partner}
  practice: {name: Practice team, one: a team member}
roles:
  - {id: patient_partner, name: Patient partner, side: patients}
  - {id: carer, name: Carer or family, side: patients}
  - {id: nurse, name: Nurse, side: practice}
  - {id: manager, name: Manager, side: practice}
scoring: {domain_min_share: 2/3, item_min_answers: 2, weighting: sides, max_domain_lag: 1, floor_domains: [team, choices]}
cautions:
  - when_any: [{item: paying, below: involvement}, {domain: means, below: consultation}]
    placed_at_least: partnership
    say: Patients work unpaid.
profiles: {pulse: [who_decides, who_learns, who_designs]}
resources:
  - id: guide-one
    title: A guide to time and money
    publisher: A public body
    year: 2020
    url: https://example.org/time
    kind: guide
    topics: [means]
    stages: [consultation, involvement, partnership, codesign]
    for_whom: practices
    reviewed: 2026-11
  - id: guide-two
    title: A guide to teams
    publisher: A public body
    url: https://example.org/team
    topics: [teamwork]
    stages: [consultation, involvement, partnership, codesign]
references:
  - {id: someone2020, citation: Someone A. A paper. 2020., doi: 10.1000/1}
"""

# The worked example of the measurement specification: stages 1 to 4; domains a (a1 weight 2, a2 a must-have), b and c.
WORKED = """\
format: 1
id: worked
version: 1.0.0
title: The worked example
stages:
  - {id: first, name: First stage, points: 1}
  - {id: second, name: Second stage, points: 2}
  - {id: third, name: Third stage, points: 3, requires: {a2: third}}
  - {id: fourth, name: Fourth stage, points: 4}
domains:
  - id: a
    name: Area A
    items:
      - {id: a1, ask: "Question a1?", weight: 2, levels: {first: a1 one, second: a1 two, third: a1 three, fourth: a1 four}}
      - {id: a2, ask: "Question a2?", levels: {first: a2 one, second: a2 two, third: a2 three, fourth: a2 four}}
      - {id: a3, ask: "Question a3?", levels: {first: a3 one, second: a3 two, third: a3 three, fourth: a3 four}}
      - {id: a4, ask: "Question a4?", not_applicable: true, levels: {first: a4 one, second: a4 two, third: a4 three, fourth: a4 four}}
  - id: b
    name: Area B
    items:
      - {id: b1, ask: "Question b1?", levels: {first: b1 one, second: b1 two, third: b1 three, fourth: b1 four}}
      - {id: b2, ask: "Question b2?", levels: {first: b2 one, second: b2 two, third: b2 three, fourth: b2 four}}
      - {id: b3, ask: "Question b3?", levels: {first: b3 one, second: b3 two, third: b3 three, fourth: b3 four}}
      - {id: b4, ask: "Question b4?", levels: {first: b4 one, second: b4 two, third: b4 three, fourth: b4 four}}
  - id: c
    name: Area C
    items:
      - {id: c1, ask: "Question c1?", levels: {first: c1 one, second: c1 two, third: c1 three, fourth: c1 four}}
      - {id: c2, ask: "Question c2?", levels: {first: c2 one, second: c2 two, third: c2 three, fourth: c2 four}}
      - {id: c3, ask: "Question c3?", levels: {first: c3 one, second: c3 two, third: c3 three, fourth: c3 four}}
"""

_TOP_KEY = re.compile(r"^([a-z]+):", re.MULTILINE)


def small_rubric(**changes: object) -> str:
    """The YAML of a valid rubric: 5 stages (points 0 to 4), 3 domains, 7 items, no findings at all.

    Each change replaces one top-level key: a text stands as YAML after the colon, other values are written as JSON (which
    is YAML); None removes the key, a new key is added at the end. `small_rubric(title="Another", roles=None)`.
    """
    return changed(SMALL, **changes)


def changed(text: str, **changes: object) -> str:
    """A rubric's text with top-level keys replaced, removed or added, all other lines as they are."""
    starts = [match.start() for match in _TOP_KEY.finditer(text)]
    blocks = {text[start:].split(":", 1)[0]: text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)}
    for key, value in changes.items():
        if value is None:
            blocks.pop(key, None)
        else:
            blocks[key] = f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}\n"
    return "".join(blocks.values())


def edited(old: str, new: str, text: str = SMALL) -> str:
    """A rubric's text with the one place that reads `old` changed to `new`; a misspelt `old` fails the test."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the rubric"
    return text.replace(old, new)


def write_small(folder: Path, **changes: object) -> Path:
    """The small rubric as the file `small.yaml` in a folder."""
    path = folder / "small.yaml"
    path.write_text(small_rubric(**changes), encoding="utf-8")
    return path


def loaded(text: str = SMALL) -> Rubric:
    """A rubric's text as the rubric it is; fails where it has errors."""
    document, problems = yamlfile.read(text.encode(), "rubric.yaml")
    rubric, found = examine(document, problems)
    assert rubric is not None, [render(entry) for entry in found if entry.is_error]
    return rubric
