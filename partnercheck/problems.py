"""Located findings, and the one catalogue of numbered messages.

A `Problem` is a value: what is wrong, where, and what to do about it. Readers and checks return problems beside their
results and never stop at the first. The catalogue below holds every message; a code keeps its meaning for ever, so
that people can search for it and tests can name it.

Y: the YAML file itself · R: the rubric · C: its worked cases · A: answers · T: tables and their files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from partnercheck.clean import clean, clean_value

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is. Numbers count from 1; `row` is a data record, `line` a physical line of the file."""

    file: str = ""
    line: int | None = None
    position: int | None = None
    row: int | None = None
    column: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `message` and `fix` are plain text, safe to print; `value` is a cell as it may be shown."""

    code: str
    severity: Severity
    message: str
    fix: str = ""
    place: Place = field(default_factory=Place)
    value: str = ""

    def at(self, place: Place) -> Problem:
        """The same finding at another place."""
        return Problem(self.code, self.severity, self.message, self.fix, place, self.value)

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def sentence(self) -> str:
        """The message and what to do, as one text."""
        return f"{self.message.rstrip('.')}. {self.fix}".strip()

    @property
    def location(self) -> str:
        """`file:line:position`, as far as known."""
        parts = [self.place.file or "input"]
        if self.place.line is not None:
            parts.append(str(self.place.line))
            if self.place.position is not None:
                parts.append(str(self.place.position))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Message:
    """An entry of the catalogue: `says` and `fix` are filled with cleaned words only."""

    says: str
    fix: str = ""
    severity: Severity = "error"


# fmt: off
# A message a line, so that the catalogue can be read as one.
CATALOGUE: dict[str, Message] = {
    # The YAML file itself
    "Y001": Message("the file has {size} bytes; at most {limit} are read", "Leave out what does not belong in it."),
    "Y002": Message("this is not UTF-8 text (byte {byte})", "Save the file as UTF-8."),
    "Y003": Message("a control character ({char}) stands here", "Delete it; it shows as nothing in most editors."),
    "Y004": Message(
        "this is not valid YAML: {reason}", "Look at this line and the one before it: a colon, a quote or the indentation."
    ),
    "Y005": Message(
        "the file is nested more than {limit} levels deep here",
        "Nothing this program reads is nested so deep; remove the extra levels.",
    ),
    "Y006": Message(
        "anchors and aliases (& and *) are not used here", "Write the text out; if it begins with & or *, put it in quotes."
    ),
    "Y007": Message("tags (such as {tag}) are not used here", "Remove the tag; if the text begins with !, put it in quotes."),
    "Y008": Message("a second document begins here", "Keep one document in a file: remove the line of three dashes."),
    "Y009": Message("the file is empty", "Start from an example: partnercheck rubric show, or docs/answers-file.md."),
    "Y010": Message("the key '{key}' stands twice here (first on line {first})", "Keep one of the two."),
    "Y011": Message("a key must be a simple word", "Write 'key: value'."),
    "Y012": Message("the file begins with {found}; it should hold '{expected}'", "Compare it with an example."),
    "Y013": Message("more than {limit} faults; the rest of the file was not read", "Correct these first, then check again."),
    # The rubric
    "R001": Message("format '{shown}' is not known", "This program reads 'format: 1'."),
    "R002": Message("{where} has no '{key}'", "Add '{key}:'."),
    "R003": Message("{where}: '{key}' should be {expected}, not {found}", "Change the value."),
    "R004": Message("{where}: '{key}' is empty", "Write the text; one that begins with # must stand in quotes."),
    "R010": Message("'{id}' is not a possible {kind} id", "{rule}"),
    "R011": Message(
        "the id '{id}' is reserved: results have a column or a word of that name", "Choose another id, such as '{id}_{kind}'."
    ),
    "R012": Message("unknown key '{key}' in {where}{hint}", "Known keys: {known}. A key of your own begins with 'x-'."),
    "R013": Message(
        "the {kind} id '{id}' stands twice (first on line {first})", "Ids of items and domains are unique together; rename one."
    ),
    "R014": Message("item '{item}' has no descriptor for stage '{stage}'", "Describe what one would see at this stage."),
    "R015": Message("'{id}' in {where} is not a stage of this rubric{hint}", "Stages: {known}."),
    "R016": Message(
        "stage '{stage}' has points {found}; {expected} comes here",
        "Points are whole numbers, one apart, from 0 or 1, lowest stage first.",
    ),
    "R017": Message("{found} stages; a rubric has 3 to 9", "Add or merge stages."),
    "R018": Message("'{id}' in {where} is not an item of this rubric{hint}", "Use an item id."),
    "R019": Message("'{id}' in {where} is not a domain of this rubric{hint}", "Use a domain id."),
    "R020": Message(
        "the lowest stage '{stage}' has 'requires'",
        "Everybody is at least at the lowest stage: move the must-have to a higher one.",
    ),
    "R021": Message(
        "item '{item}' is a must-have and allows 'not applicable'",
        "A must-have has to be answered: remove 'not_applicable' or the gate.",
    ),
    "R022": Message(
        "{count} items are must-haves; more than {limit} place many teams too low by one mistaken answer",
        "Keep the ones that define a stage.",
        "warning",
    ),
    "R023": Message(
        "stage '{stage}' adds {count} must-haves; more than {limit} at one stage is too many",
        "Keep the ones that define this stage.",
        "warning",
    ),
    "R024": Message(
        "stage '{stage}' asks for {item} at '{required}', but '{lower}' below it already asks for '{stronger}'",
        "Remove this one: a higher stage keeps the must-haves below it.",
        "warning",
    ),
    "R025": Message(
        "a test of a caution names one item or one domain; this one names {found}",
        "Write {{item: ID, below: STAGE}} or {{domain: ID, below: STAGE}}.",
    ),
    "R026": Message("'{id}' in {where} is not a resource of this rubric{hint}", "Use the id of an entry under 'resources:'."),
    "R027": Message("'{id}' in {where} is not a reference of this rubric{hint}", "Use the id of an entry under 'references:'."),
    "R028": Message(
        "item '{item}' has no resource for {stages}: nothing could be recommended to a team one step below",
        "Name one under its 'resources:', or give a resource one of its topics and this stage.",
    ),
    "R029": Message("'{id}' in {where} is not a side{hint}", "Sides: patients, practice."),
    "R030": Message("{where}: '{key}' is '{shown}'", "{rule}"),
    "R031": Message(
        "'{text}' could mean {first} or {second} when it is given as an answer to {item}",
        "Change one of the two texts so that every answer has one meaning.",
    ),
    "R032": Message("a profile may not be named '{id}'", "'full' is built in; choose another name."),
    "R033": Message(
        "resource '{id}' is never used", "Name it in an item's 'resources:', or give it a topic of an item.", "warning"
    ),
    "R034": Message(
        "the file is called '{file}' and holds the rubric '{id}'", "Give both the same name, so that people find it.", "warning"
    ),
    "R035": Message("the rubric is marked '{status}'", "{advice}", "warning"),
    "R036": Message("domain '{domain}' has no items", "Add items, or remove the domain."),
    "R037": Message(
        "stage '{stage}' asks for {item} at '{required}', the lowest stage: every answer is at least that",
        "Ask for a higher stage, or remove the must-have.",
        "warning",
    ),
    "R038": Message(
        "this caution can never be printed: nothing is below '{stage}', the lowest stage",
        "Name a higher stage after 'below:'.",
        "warning",
    ),
    "R039": Message("'{id}' stands twice in {where}", "Remove one of the two, or write the id that was meant."),
    "R040": Message(
        "the descriptors of '{item}' read at grade {grade}; at most {limit} is plain enough to read aloud",
        "Use shorter words and sentences.",
        "warning",
    ),
    "R041": Message(
        "a sentence of {count} words in {where} ({start} …); at most {limit} can be read aloud in one breath",
        "Make two sentences of it.",
        "warning",
    ),
    "R042": Message(
        "'{first}' and '{second}' of item '{item}' are nearly the same text",
        "Say what one would see differently at the higher stage.",
        "warning",
    ),
    "R043": Message(
        "the descriptor of '{item}' for '{stage}' has {count} words; at most {limit}", "Keep one test in it.", "warning"
    ),
    "R044": Message(
        "the rubric has no resources", "It can be used, but nothing to read or use is recommended; add 'resources:'.", "warning"
    ),
    "R045": Message("{where}: '{key}' holds nothing", "Fill the list, or remove '{key}:'."),
    "R046": Message(
        "a character that cannot be seen ({char}) stands in {where}", "Delete it and type the words around it again.", "warning"
    ),
    "R047": Message(
        "'{id}', a topic of item '{item}', is a topic of no resource{hint}",
        "Use a topic of the resources, or remove this one.",
        "warning",
    ),
    "R048": Message(
        "no role is on the side '{side}'", "Add one under 'roles:'; without it nobody can answer for that side.", "warning"
    ),
    "R049": Message(
        "'{text}' stands for both {first} and {second}",
        "Answers, questions and roles are found by these words: give each its own.",
    ),
    # The worked cases of a rubric
    "C001": Message("unknown key '{key}' in {where}{hint}", "Known keys: {known}."),
    "C002": Message("{where} has no '{key}'", "Add '{key}:'."),
    "C003": Message("{where}: '{key}' should be {expected}, not {found}", "Change the value."),
    "C004": Message("'{id}' in {where} is not {kind} of the rubric{hint}", "Use an id of the rubric."),
    "C005": Message(
        "{where}: '{shown}' is not a score",
        "Write an exact fraction such as 91/36, a decimal with 2 to 9 places such as 2.53, or none.",
    ),
    "C006": Message("the case '{name}' stands twice (first on line {first})", "Give each case its own name."),
    "C007": Message("{where} holds nothing to compare with", "Name at least one of: {known}."),
    "C008": Message("{where}: {reason}", "{fix}"),
    "C009": Message(
        "{where} fails: {what} should be {expected}, but is {found}", "Work it out by hand; then change the case or the rubric."
    ),
    "C010": Message("the file holds no cases", "Write '- name: …' for each case, or delete the file.", "warning"),
    "R050": Message(
        "the text of {where} stops at '#': what follows on this line was taken for a comment",
        "If it belongs to the text, put the whole text in quotes.",
        "warning",
    ),
    "R051": Message("the rubric has {count} items; at most {limit} can be scored", "Nobody answers so many: leave some out, or make two rubrics."),
    "R052": Message(
        "the weights in {where} have too large a common denominator to be added exactly",
        "Use whole numbers or simple fractions, such as 2, 0.5 or 2/3.",
    ),
    # Answers
    "A001": Message("'{shown}' is not an answer to '{item}'{hint}", "Allowed: {allowed}."),
    "A002": Message(
        "'{shown}' is not an answer to '{item}'; a spreadsheet probably turned this into a date",
        "Type the answer again and format the column as text. Allowed: {allowed}.",
    ),
    "A003": Message("'not applicable' is not open to '{item}'", "Allowed: {allowed}."),
    "A004": Message(
        "'we do not agree' is the answer of a team, and this is one person's answer to '{item}'",
        "Allowed: a stage, or DK (don't know).",
    ),
    "A005": Message(
        "'{shown}' is a bare number, and nothing in this file says that its numbers are points",
        "Use the stages' names, or say what the numbers mean.",
    ),
    "A010": Message("'{id}' is not {kind} of this rubric{hint}", "Known: {known}."),
    "A011": Message("the answers file has no '{key}'", "Add '{key}:'. {rule}"),
    "A012": Message("unknown key '{key}' in {where}{hint}", "Known keys: {known}."),
    "A013": Message("{where}: '{key}' should be {expected}, not {found}", "{fix}"),
    "A014": Message("the file names a rubric that is not here: {reason}", "Correct 'rubric:', or name the rubric with --rubric."),
    "A015": Message("'present' does not go with 'role' and 'respondent'", "A team has 'present:'; one person has 'role:' (and 'respondent:')."),
    "A016": Message(
        "{where} holds a control, bidirectional or zero-width character", "Type it again: it shows as nothing in most editors."
    ),
    "A017": Message("'{period}' is not a period", "Write a quarter, a half-year or a year, such as 2026-Q4, 2026-H2 or 2026."),
    "A018": Message("{count} to questions that the shorter check '{profile}' does not ask: {items}", "Remove them, or take the full check."),
    "A019": Message("the file holds no answer at all", "Give at least one answer under 'answers:'."),
    "A020": Message(
        "the text stops at '#': what follows on this line was taken for a comment and not read",
        "If it belongs to the text, put the whole text in quotes.",
        "warning",
    ),
    # Tables and their files
    "T001": Message("the file was not read: {reason}", "{fix}"),
    "T002": Message("this is {kind}, not a table saved as text", "{fix}"),
    "T003": Message(
        "line {line}, byte {byte}: not {encoding}",
        "Save the table as CSV UTF-8, or name its encoding with --encoding (often cp1252 on Windows).",
    ),
    "T004": Message(
        "NUL bytes stand here: the file is damaged, or it is no text in UTF-8",
        "Save or download it again as CSV UTF-8. If it is UTF-16, say so: --encoding utf-16-le.",
    ),
    "T005": Message("the file is empty", "Save the table again; its first line names the columns."),
    "T006": Message("the file has a header and no rows below it", "Was it saved before anybody had answered?"),
    "T007": Message(
        "a quote opens here and is never closed",
        'Close it. A quote inside a quoted cell is written twice (""); a lone one must not begin a cell.',
    ),
    "T008": Message("{what} is longer than {limit}, the most that is read here", "Is this the right file? Leave out what does not belong in it."),
    "T009": Message("{found} columns; at most {limit} are read here", "Keep practice, respondent, role, period and a column for each question."),
    "T010": Message("{found}, header has {expected}", "Look for a missing or an extra {delimiter}. The row was not scored."),
    "T011": Message(
        "text follows the closing quote of a cell{lines}",
        'A quote inside a quoted cell is written twice (""). The row was not scored.',
    ),
    "T012": Message("the header has text after the closing quote of a cell", 'A quote inside a quoted cell is written twice ("").'),
    "T020": Message(
        "no column of this table has the id of a question of '{rubric}'",
        "Expected: practice, respondent, role, period, then a column per question ({ids}). Survey exports are not read yet by this version.",
    ),
    "T021": Message("{count}: {missing}", "{fix}"),
    "T022": Message("{first} and {second} are both '{name}'", "Keep one of the two columns, or rename the other."),
    "T023": Message("the column header {where} looks like '{name}' but has {chars}", "Type the header again."),
    "T024": Message("the table has no 'practice' column", "Add one, or say whose answers these are: --practice NAME."),
    "T025": Message("the table has a 'practice' column, and --practice names one as well", "Leave out --practice, or remove the column."),
    "T026": Message(
        "the answers look coded {found}, not {expected}: {high} occurs in {count} columns and {low} in none",
        "In this table {meaning}. Recode the answers, or write the names of the stages.",
    ),
    "T030": Message("the row has no practice", "Write whose answers these are. The row was not scored."),
    "T031": Message(
        "the {column} holds {chars}, which cannot be seen or is not text", "Type it again, without copying. The row was not scored."
    ),
    "T032": Message("the {column} has {found} characters; at most {limit}", "Use a shorter name. The row was not scored."),
    "T033": Message(
        "'{shown}' is not a period",
        "Write a quarter, a half-year or a year, such as 2026-Q4, 2026-H2 or 2026. The row was not scored: its period says which round it belongs to.",
    ),
    "T034": Message("the row has no answer at all", "Nothing to score; delete the row if nobody answered."),
    "T035": Message("the row repeats the header", "Two tables were probably joined; the row was not scored."),
    "T036": Message(
        "'{shown}' is not a role of this rubric{hint}", "Known: {known}, or consensus. The row is scored by itself and not pooled."
    ),
    "T037": Message("the row has no role", "Known: {known}, or consensus. The row is scored by itself and not pooled."),
    "T038": Message("the row is a copy of {other}: {key}, the same answers", "One of them was scored.", "warning"),
    "T039": Message(
        "{key} stands also in {other}, with other answers",
        "Keep the right one; or choose with --duplicates first or last. None of them was scored.",
    ),
    "T040": Message("{key} stands also in {other}, which was scored, as --duplicates {choice} says", "Keep the right one in the table."),
}
# fmt: on


def problem(code: str, place: Place | None = None, *, value: str = "", **words: object) -> Problem:
    """The finding `code` at `place`; every word is cleaned here, so that no data from a file can act."""
    says, fix = _worded(code, tuple((key, str(word)) for key, word in words.items()))
    return Problem(code, CATALOGUE[code].severity, says, fix, place or Place(), clean_value(value))


@lru_cache(maxsize=10_000)
def _worded(code: str, words: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """The sentences of a finding. A table can have the same fault in a million cells: they share one text."""
    entry = CATALOGUE[code]
    safe = {key: clean(word) for key, word in words}
    return entry.says.format(**safe), entry.fix.format(**safe)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems sorted by place, then code: the order in which a person works through a file."""

    def key(found: Problem) -> tuple[str, int, int, int, str, str, str]:
        place = found.place
        return (place.file, place.line or 0, place.row or 0, place.position or 0, place.column, found.code, found.message)

    return sorted(problems, key=key)


def render(found: Problem) -> str:
    """One problem as lines of plain text: place, severity, code, message; the source line; what to do."""
    lines = [f"{clean(found.location)}: {found.severity} {found.code}: {found.message}"]
    if found.place.source:
        lines.append(f"    {clean(found.place.source.strip())[:100]}")
    if found.fix:
        lines.append(f"    → {found.fix}")
    return "\n".join(lines)
