"""From the header of a table to the columns that are used. All others are named once and never read: they hold e-mails."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from partnercheck.clean import clean_value, is_acting
from partnercheck.errors import AnswersError
from partnercheck.folding import fold
from partnercheck.problems import Place, Problem, problem
from partnercheck.rubric.model import Rubric
from partnercheck.sources.csvfile import TextTable

KEYS = ("practice", "respondent", "role", "period")
_NAMED = 12  # how many names a sentence holds
_LONG = 60  # no header that is nearly an id is longer

# Letters of other alphabets that look like Latin ones: capitals, which look alike in this case only, and small letters.
_CAPITALS = str.maketrans("АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXABEZHIKMNOPTYX")
_SMALL = str.maketrans("аαеѕіıɩιјкκоοօрρсуγхһԁԛԝɡնոνυгмтӏ", "aaesiiiijkkooo" + "ppcyyxhdqwgnnvurmtl")


@dataclass(frozen=True, slots=True)
class Columns:
    """The used columns of one table: `positions` by name (from 0), the other headers as they may be shown, notices."""

    positions: dict[str, int]
    unknown: tuple[str, ...]
    notices: tuple[str, ...]


def find_columns(table: TextTable, rubric: Rubric, item_ids: Sequence[str], *, practice_is_given: bool) -> Columns:
    """The columns of the plain table, by their names.

    Raises `AnswersError` with every problem of the header: a used column that is missing, stands twice, or only looks like
    one; a table that is no plain table at all.
    """
    names = {fold(name): name for name in (*KEYS, *item_ids)}
    found: dict[str, list[int]] = {}
    others: list[int] = []
    for position, header in enumerate(table.header):
        name = names.get(fold(header)) if len(header) <= _LONG else None
        if name is None:
            others.append(position)
        else:
            found.setdefault(name, []).append(position)
    alike = _look_alikes(table, others, names.values())
    problems = [entry for entry, _ in alike]
    if not problems and not any(fold(header) in rubric.item_ids for header in table.header if len(header) <= _LONG):
        ids = f"{item_ids[0]}, {item_ids[1]}, …" if len(item_ids) > 1 else item_ids[0]
        problems.append(problem("T020", table.header_place, rubric=rubric.id, ids=ids))
    else:
        problems += _faults(table, rubric, item_ids, found, {name for _, name in alike}, practice_is_given)
    if problems:
        raise AnswersError(f"'{table.file}' was not read, and nothing was scored.", problems)
    positions = {name: places[0] for name, places in found.items()}
    unknown = [table.header[position] for position in others if fold(table.header[position]) not in rubric.item_ids]
    shown = tuple(dict.fromkeys(clean_value(header.strip()) or "(no name)" for header in unknown))
    return Columns(positions, shown, tuple(_notices(table, positions, shown, len(others) - len(unknown))))


def _faults(
    table: TextTable,
    rubric: Rubric,
    item_ids: Sequence[str],
    found: dict[str, list[int]],
    alike: set[str],
    practice_is_given: bool,
) -> list[Problem]:
    problems = []
    for name, places in found.items():
        if len(places) > 1:
            first, second = (_position(table, place) for place in places[:2])
            problems.append(problem("T022", _place(table, places[1]), first=first, second=second, name=name))
    if "practice" in found and practice_is_given:
        problems.append(problem("T025", table.header_place))
    if "practice" not in found and not practice_is_given and "practice" not in alike:
        problems.append(problem("T024", table.header_place))
    missing = [item_id for item_id in item_ids if item_id not in found and item_id not in alike]
    if missing:
        problems.append(_missing(table, rubric, missing, found))
    return problems


def _missing(table: TextTable, rubric: Rubric, missing: list[str], found: dict[str, list[int]]) -> Problem:
    free = [header.strip() for header in table.header if len(header) <= _LONG and fold(header) not in found]
    folded = {fold(header): header for header in free}
    parts = []
    for item_id in missing[:_NAMED]:
        near = get_close_matches(item_id, list(folded), n=1, cutoff=0.7)
        parts.append(f"'{item_id}' (nearest: '{clean_value(folded[near[0]])}')" if near else f"'{item_id}'")
    if len(missing) > _NAMED:
        parts.append(f"and {len(missing) - _NAMED} more")
    fix = "Name each column by the id of its question. If it was not asked, add the column and leave its cells blank."
    for profile, asked in rubric.profiles.items():
        present = set(rubric.item_ids) - set(missing)
        if present == set(asked) and not any("nearest" in part for part in parts):
            fix = f"If only the questions of the profile '{profile}' were asked, say so: --profile {profile}."
    count = "a column is missing" if len(missing) == 1 else f"{len(missing)} columns are missing"
    return problem("T021", table.header_place, count=count, missing=", ".join(parts), fix=fix)


# Headers that look like a used name and are not


def _look_alikes(table: TextTable, positions: Iterable[int], names: Iterable[str]) -> list[tuple[Problem, str]]:
    bare = {_skeleton(name): name for name in names}
    alike = []
    for position in positions:
        header = table.header[position]
        name = bare.get(_skeleton(header)) if len(header) <= _LONG else None
        if name is not None:
            words = {"where": _position(table, position), "name": name, "chars": _strange(header)}
            alike.append((problem("T023", _place(table, position), value=header, **words), name))
    return alike


def _skeleton(text: str) -> str:
    """A text reduced to what it looks like: no hidden characters or blanks, look-alike letters made Latin."""
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if not is_acting(char))
    return "".join(fold(visible.translate(_CAPITALS)).translate(_SMALL).split())


def _strange(text: str) -> str:
    """The characters of a header that no id has, by number and name."""
    chars = dict.fromkeys(char for char in text.strip() if not (char.isascii() and (char.isalnum() or char == "_")))
    named = (f"U+{ord(char):04X} ({unicodedata.name(char, 'a control character').lower()})" for char in chars)
    return ", ".join(list(named)[:3])


# Words


def _place(table: TextTable, position: int) -> Place:
    return Place(table.file, table.header_line, column=clean_value(table.header[position].strip()))


def _position(table: TextTable, position: int) -> str:
    return f"'{clean_value(table.header[position].strip())}' (column {position + 1})"


def _notices(table: TextTable, positions: dict[str, int], unknown: tuple[str, ...], unasked: int) -> Iterable[str]:
    renamed = [f"'{clean_value(table.header[at])}' as {name}" for name, at in positions.items() if table.header[at] != name]
    if renamed:
        yield f"Columns read under another spelling: {listed(renamed)}."
    if unknown:
        one = len(unknown) == 1
        yield f"{len(unknown)} column{' is' if one else 's are'} not part of this table and {'was' if one else 'were'} not read: {listed(unknown)}."
    if unasked:
        yield f"{unasked} column{'s' * (unasked != 1)} of questions that this profile does not ask {'was' if unasked == 1 else 'were'} not read."


def listed(names: Sequence[str], limit: int = _NAMED) -> str:
    """Names in a sentence, cut where they are too many."""
    return ", ".join(names[:limit]) + (f" and {len(names) - limit:,} more" if len(names) > limit else "")
