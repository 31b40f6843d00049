"""Tables saved as text (CSV and its relatives): their structure is proved before a single cell is used.

Libraries that read CSV do not validate: one pads short rows, another swallows the rest of a file after an unclosed
quote. Here every record must have as many cells as the header; one that has not is rejected by itself, with its row and
line. Where a quote is never closed nobody can say what the rows are, so the whole file is refused.

A file without quotes is proved by counting the separators of each line in bulk. Any other file is read by Python's
`csv`, strictly. Every cell stays the text it is, and only the columns that are asked for are kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import polars as pl

from partnercheck.clean import clean
from partnercheck.folding import fold
from partnercheck.problems import Place, Problem, problem
from partnercheck.sources.rawtext import LINE_LIMIT, SPACES, STDIN, read_table_bytes, refuse, text_of

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
COLUMN_LIMIT = 2_000
CELL_LIMIT = 131_072  # characters; the limit of Python's csv, so that both ways of reading have the same
_SEP_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?[ ,;|\t]*(?:\n|\Z)', re.IGNORECASE)
_QUOTED = re.compile(r'(?:^|(?<=[,;\t|\n]))"[^"]*+(?:""[^"]*+)*+"')
_QUOTED_CELL = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


@dataclass(frozen=True, slots=True)
class Records:
    """The columns asked for of all whole records, and what was wrong with the others.

    `frame`: `row` (data record, from 1) and `line` (the physical line it begins on, from 1) as Int64, then the columns by
    the names they were asked by, all String and without nulls. `rows_read` = rows of the frame + number of problems.
    """

    frame: pl.DataFrame
    problems: list[Problem]
    rows_read: int


@dataclass(frozen=True)
class TextTable:
    """A table whose header has been read and whose records have not: `header` holds its cells as they stand."""

    file: str
    header: tuple[str, ...]
    header_line: int
    delimiter: str
    notices: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    first: int = 0  # the line the records begin after

    @property
    def header_place(self) -> Place:
        return Place(self.file, self.header_line)

    def read(self, columns: Mapping[str, int]) -> Records:
        """Prove the structure of all records and return the columns at these positions (from 0), by name.

        Raises `AnswersError` where a quote is never closed, a cell is too long, or there is no record at all.
        """
        records = _read_quoted(self, columns) if '"' in self.text else _read_plain(self, columns)
        if records.rows_read == 0:
            refuse("T006", self.header_place)
        return records

    def wrong_count(self, found: int, row: int, line: int) -> Problem:
        delimiter = DELIMITERS.get(self.delimiter, self.delimiter)
        expected = len(self.header)
        return problem("T010", Place(self.file, line, row=row), found=_cells(found), expected=expected, delimiter=delimiter)


def open_table(path: Path, encoding: str | None = None, names: Collection[str] = ()) -> TextTable:
    """The table in a file, or on standard input for `-`; see `table_of`."""
    file = "standard input" if str(path) == STDIN else clean(str(path))
    return table_of(read_table_bytes(path), file, encoding, names)


def table_of(data: bytes, file: str, encoding: str | None = None, names: Collection[str] = ()) -> TextTable:
    """The table in these bytes. `names` are column names one may meet, folded: they tell the separator from other marks.

    Raises `AnswersError` where the bytes are no table saved as text, or its header cannot be read.
    """
    text, notices = text_of(data, file, encoding)
    start, delimiter = 0, ""
    if declared := _SEP_LINE.match(text):
        start, delimiter = declared.end(), declared.group(1)
    start = _first_words(text, start)
    if start == len(text):
        refuse("T005", Place(file))
    header_line = text.count("\n", 0, start) + 1
    delimiter = delimiter or _delimiter(text, start, names)
    lines = _Lines(text[start:].split("\n") if '"' in text else [text[start:].partition("\n")[0]])
    header, height = _read_header(lines, delimiter, Place(file, header_line))
    if len(header) > COLUMN_LIMIT:
        refuse("T009", Place(file, header_line), found=f"{len(header):,}", limit=f"{COLUMN_LIMIT:,}")
    return TextTable(file, tuple(header), header_line, delimiter, tuple(notices), text, header_line - 1 + height)


def _first_words(text: str, start: int) -> int:
    """Where the first line begins that holds more than blanks and separators."""
    nothing = SPACES + "".join(DELIMITERS)
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip(nothing):
            return start
        start = end + 1
    return len(text)


def _delimiter(text: str, start: int, names: Collection[str]) -> str:
    """The separator of the header: the one that makes the most cells with a known name, then the most cells."""
    line = text[start:].partition("\n")[0]
    bare = _QUOTED.sub("", text[start : start + LINE_LIMIT]).partition("\n")[0]

    def fitness(mark: str) -> tuple[int, int]:
        known = sum(fold(cell.strip('"')) in names for cell in line.split(mark)[:COLUMN_LIMIT]) if names else 0
        return known, bare.count(mark)

    return max(DELIMITERS, key=fitness)


def _cells(count: int) -> str:
    return f"{count:,} cell{'s' * (count != 1)}"


# Files without a quote: every line is a record, and counting its separators proves it


def _read_plain(table: TextTable, columns: Mapping[str, int]) -> Records:
    separator = table.delimiter
    lines = table.text.split("\n")[table.first :]
    longest = max(map(len, lines), default=0)
    if longest > CELL_LIMIT:
        _refuse_long_cells(table, lines)
    records = (
        pl.DataFrame({"text": pl.Series(lines, dtype=pl.String)})
        .with_columns(line=pl.int_range(table.first + 1, table.first + 1 + pl.len(), dtype=pl.Int64))
        .filter(pl.col("text").str.strip_chars(SPACES + separator) != "")
        .with_columns(
            row=pl.int_range(1, 1 + pl.len(), dtype=pl.Int64),
            cells=pl.col("text").str.count_matches(separator, literal=True).cast(pl.Int64) + 1,
        )
    )
    width = len(table.header)
    broken = records.filter(pl.col("cells") != width)
    problems = [table.wrong_count(found, row, line) for found, row, line in broken.select("cells", "row", "line").iter_rows()]
    whole = records.filter(pl.col("cells") == width) if problems else records
    texts = whole["text"]
    parts = [texts] if width == 1 else texts.str.split_exact(separator, width - 1).struct.unnest().get_columns()
    frame = whole.select("row", "line").with_columns(*(parts[position].alias(name) for name, position in columns.items()))
    return Records(frame, problems, records.height)


def _refuse_long_cells(table: TextTable, lines: list[str]) -> None:
    for number, line in enumerate(lines, table.first + 1):
        if len(line) > CELL_LIMIT and max(map(len, line.split(table.delimiter))) > CELL_LIMIT:
            _refuse_cell(table.file, number)


def _refuse_cell(file: str, line: int) -> None:
    refuse("T008", Place(file, line), what="a cell", limit=f"{CELL_LIMIT:,} characters")


# Files with quotes


class _Lines:
    """The physical lines of a text as `csv` wants them, from any line on.

    One empty line more than there are comes at the end. A reader that takes it into a record was still inside a quote.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    def after(self, count: int) -> Iterator[str]:
        for number in range(count, len(self.lines)):
            yield self.lines[number] + "\n"
        yield ""

    def between(self, start: int, end: int) -> str:
        return "".join(line + "\n" for line in self.lines[start:end])


def _read_header(lines: _Lines, delimiter: str, place: Place) -> tuple[list[str], int]:
    """The cells of the header and the number of lines it takes up."""
    reader = csv.reader(lines.after(0), delimiter=delimiter, strict=True)
    try:
        header = next(reader)
    except csv.Error:
        _mended(lines, 0, delimiter, place.file, place.line or 1)
        refuse("T012", place)
    return header, reader.line_num


def _read_quoted(table: TextTable, columns: Mapping[str, int]) -> Records:
    lines = _Lines(table.text.split("\n"))
    pick = itemgetter(*columns.values()) if columns else None
    width, single = len(table.header), len(columns) == 1
    kept: list[tuple[str, ...]] = []
    rows: list[int] = []
    starts: list[int] = []
    problems: list[Problem] = []
    row, start = 0, table.first
    for cells, end in _records(lines, start, table.delimiter, table.file):
        line, start = start + 1, end
        if cells is None:
            row += 1
            extent = f" (lines {line} to {end})" if end > line else ""
            problems.append(problem("T011", Place(table.file, line, row=row), lines=extent))
        elif cells and (cells[0].strip(SPACES) or "".join(cells).strip(SPACES)):
            row += 1
            if len(cells) != width:
                problems.append(table.wrong_count(len(cells), row, line))
                continue
            rows.append(row)
            starts.append(line)
            if pick is not None:
                kept.append((pick(cells),) if single else pick(cells))
    texts = zip(*kept, strict=True) if kept else ([] for _ in columns)
    frame = pl.DataFrame(
        {"row": pl.Series(rows, dtype=pl.Int64), "line": pl.Series(starts, dtype=pl.Int64)}
        | {name: pl.Series(column, dtype=pl.String) for name, column in zip(columns, texts, strict=True)}
    )
    return Records(frame, problems, row)


def _records(lines: _Lines, start: int, delimiter: str, file: str) -> Iterator[tuple[list[str] | None, int]]:
    """Each record's cells and the line it ends with; None for a record with text after a closing quote."""
    while start < len(lines):
        first = start
        reader = csv.reader(lines.after(first), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                start = first + reader.line_num
                if start > len(lines):
                    return  # the empty line that is no line
                yield cells, start
        except csv.Error:
            start = _mended(lines, start, delimiter, file, start + 1)
            yield None, start


def _mended(lines: _Lines, start: int, delimiter: str, file: str, line: int) -> int:
    """Where the record ends that strict reading could not finish. Refuses the file where that cannot be told.

    Reading it again without strictness finds its end, so that the records after it are read from their beginning.
    """
    reader = csv.reader(lines.after(start), delimiter=delimiter)
    try:
        next(reader)
        end = start + reader.line_num
    except csv.Error:  # a cell beyond the limit
        end = len(lines) + 1
    raw = lines.between(start, min(end, len(lines)))
    for opened, closed in _faulty_quotes(raw, delimiter):
        if closed is not None and "\n" not in raw[opened:closed]:
            continue
        # Never closed; or closed only by the next quote, lines further on, which was meant to open another cell.
        refuse("T007", Place(file, line + raw.count("\n", 0, opened), opened - raw.rfind("\n", 0, opened)))
    if end > len(lines):
        _refuse_cell(file, line)
    return end


def _faulty_quotes(raw: str, delimiter: str) -> Iterator[tuple[int, int | None]]:
    """Where each quoted cell opens that does not end with its quote, and where the quote closes (None: never)."""
    cell_end = re.compile(f"[{re.escape(delimiter)}\n]")
    position = 0
    while position < len(raw):
        end = position
        if raw[position] == '"':
            quoted = _QUOTED_CELL.match(raw, position)
            if quoted is None:
                yield position, None
                return
            end = quoted.end()
            if end < len(raw) and raw[end] not in (delimiter, "\n"):
                yield position, end
        following = cell_end.search(raw, end)
        position = following.end() if following else len(raw)
