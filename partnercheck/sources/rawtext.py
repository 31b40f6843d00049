"""From the bytes of a table to its text: what kind of file it is, how it is encoded, and the limits.

Nothing is guessed that a file does not prove: a byte order mark says UTF-8 or UTF-16, `--encoding` says what the user
knows, and everything else is UTF-8 or is refused. A name with a wrong letter in it would look like another practice.
"""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path
from typing import NoReturn

from partnercheck.errors import AnswersError, UsageError
from partnercheck.files import read_bytes
from partnercheck.problems import Place, problem

STDIN = "-"
SIZE_LIMIT = 256 * 1024 * 1024  # bytes; about three million rows
LINE_LIMIT = 1_000_000  # bytes in one physical line
LINES_LIMIT = 5_000_000  # physical lines
# All that Python calls white space, here by name, so that Python and Polars strip the same.
SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

_SPREADSHEET = "Open it in your spreadsheet program and save it as CSV UTF-8 for now."
_UNPACK = "Unpack it first, and give the table inside."
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a compressed file (gzip)", _UNPACK),
    (b"BZh", "a compressed file (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a compressed file (xz)", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z)", _UNPACK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (xls)", _SPREADSHEET),
    (b"PAR1", "a Parquet file", "Save it as CSV for now."),
    (b"ARROW1", "an Arrow file", "Save it as CSV for now."),
    (b"SQLite format 3\x00", "a database (SQLite)", "Export the table as CSV UTF-8."),
    (b"$FL2", "an SPSS file", "Save it as CSV UTF-8 for now."),
    (b"%PDF", "a PDF file", "Ask for the table itself, saved as CSV UTF-8."),
    (b"{\\rtf", "a document (RTF)", "Save the table itself as CSV UTF-8."),
    (b"\x89PNG", "a picture", "A table is needed, saved as CSV UTF-8."),
    (b"\xff\xd8\xff", "a picture", "A table is needed, saved as CSV UTF-8."),
    (b"GIF8", "a picture", "A table is needed, saved as CSV UTF-8."),
)
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|\?xml|!--)", re.IGNORECASE)
_JSON = re.compile(rb'[\[{]\s*(["{\[]|[\]}]\s*\Z)')
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Codecs that are no character encodings of files, or that let escapes in the text become other characters.
_NO_FILE_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"})


def read_table_bytes(path: Path) -> bytes:
    """The bytes of a regular file, or of standard input for `-`.

    Raises `AnswersError` where there is no such file, it is of another kind, or too large; `UsageError` where `-` would
    wait for a keyboard; `ReadOrWriteFailed` where the disk fails.
    """
    if str(path) != STDIN:
        return read_bytes(path, limit=SIZE_LIMIT)
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError("'-' reads a table from a pipe, and there is none. Name a file, or send one: … | partnercheck score -")
    data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise AnswersError(f"Standard input is larger than {SIZE_LIMIT:,} bytes, the most that is read here.")
    return data


def text_of(data: bytes, file: str, encoding: str | None = None) -> tuple[str, list[str]]:
    """The text of a table with "\\n" at the end of each line but the last, and notices about how it was read.

    `file` is its name for messages. Raises `AnswersError` with a located problem where the bytes are no text.
    """
    _refuse_other_kinds(data, file)
    _refuse_long_lines(data, file)
    text, notices = _decoded(data, file, encoding)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if text.endswith("\x1a"):  # the end of file of old DOS programs
        text = text.rstrip("\x1a\n")
    at = text.find("\0")
    if at >= 0:
        refuse("T004", Place(file, text.count("\n", 0, at) + 1))
    if text.count("\n") >= LINES_LIMIT:
        refuse("T008", Place(file, LINES_LIMIT), what="the file", limit=f"{LINES_LIMIT:,} lines")
    if not text.strip(SPACES):
        refuse("T005", Place(file))
    return text, notices


def refuse(code: str, place: Place, **words: str) -> NoReturn:
    """End the reading of a whole file with one located problem."""
    raise AnswersError(
        f"'{place.file}' was not read, and nothing was scored.", [problem(code, place, value="", **words)]
    ) from None


def _refuse_other_kinds(data: bytes, file: str) -> None:
    start = data[:4096].removeprefix(codecs.BOM_UTF8).lstrip()
    kind = fix = ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        kind, fix = _packed(data)
    elif _PAGE.match(start):
        kind, fix = "a web page (HTML or XML)", "Was it saved while you were signed out? Download the table again, as CSV."
    elif _JSON.match(start):
        kind, fix = "a JSON file", "A table is needed, saved as CSV UTF-8."
    for magic, name, advice in _KINDS:
        if data.startswith(magic):
            kind, fix = name, advice
    if kind:
        refuse("T002", Place(file), kind=kind, fix=fix)


def _packed(data: bytes) -> tuple[str, str]:
    """What a zip archive is, told by the names in it; nothing is unpacked."""
    names = data[:8192] + data[-65536:]
    if b"xl/" in names:
        return "an Excel workbook (xlsx)", _SPREADSHEET
    if b"opendocument.spreadsheet" in names:
        return "a LibreOffice workbook (ods)", _SPREADSHEET
    if b"word/" in names:
        return "a Word document (docx)", "Save the table itself as CSV UTF-8."
    return "a compressed file (zip)", _UNPACK


def _refuse_long_lines(data: bytes, file: str) -> None:
    """Hop from line end to line end, a limit's width at a time: a file of one endless line is not copied again."""
    start = 0
    while len(data) - start > LINE_LIMIT:
        end = max(data.rfind(b"\n", start, start + LINE_LIMIT + 1), data.rfind(b"\r", start, start + LINE_LIMIT + 1))
        if end < 0:
            refuse("T008", Place(file, _lines_before(data, start) + 1), what="this line", limit=f"{LINE_LIMIT:,} bytes")
        start = end + 1


def _lines_before(data: bytes, end: int) -> int:
    return data.count(b"\n", 0, end) + data.count(b"\r", 0, end) - data.count(b"\r\n", 0, end)


def _decoded(data: bytes, file: str, encoding: str | None) -> tuple[str, list[str]]:
    chosen = _known(encoding) if encoding else "utf-8"
    notices: list[str] = []
    proven = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if proven and encoding and not chosen.startswith(proven):
        notices.append(f"The file begins with the mark of {proven.upper()} and was read as that, not as '{chosen}'.")
    used = proven or chosen
    if not used.startswith(("utf-16", "utf-32")) and (at := data.find(0)) >= 0:
        refuse("T004", Place(file, _lines_before(data, at) + 1))
    try:
        text = data.decode(used)
    except UnicodeDecodeError as fault:
        line, byte = _place_of(data[: fault.start], used)
        refuse("T003", Place(file, line, byte), line=str(line), byte=str(byte), encoding=used.upper())
    return text, notices


def _place_of(before: bytes, encoding: str) -> tuple[int, int]:
    """The line, and the byte in that line, of what comes after these bytes."""
    text = before.decode(encoding, "replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rest = text[text.rfind("\n") + 1 :]
    return text.count("\n") + 1, len(rest.encode("utf-16-le" if encoding == "utf-16" else encoding, "replace")) + 1


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        b"a".decode(encoding, "ignore")  # raises LookupError for codecs that make no text, such as zip
    except (LookupError, ValueError, UnicodeError, AttributeError):
        name = ""
    if not name or name.replace("_", "-") in _NO_FILE_ENCODINGS:
        raise UsageError(
            f"'{encoding}' is not an encoding that is known here. Common ones: utf-8, cp1252 (Windows), mac-roman, utf-16."
        )
    return name
