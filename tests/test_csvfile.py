"""Tables saved as text: what is read, what is rejected by row, what is refused, and where each message points."""

from __future__ import annotations

import csv
import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercheck.errors import AnswersError, PartnercheckError, ReadOrWriteFailed, UsageError
from partnercheck.problems import Problem
from partnercheck.sources import rawtext
from partnercheck.sources.csvfile import CELL_LIMIT, COLUMN_LIMIT, Records, open_table, table_of
from partnercheck.sources.rawtext import SPACES

PLAIN = "practice,note,q1\nElm,fine,1\nOak,,2\nAsh,x y,3\n"


def read(data: bytes | str, *, encoding: str | None = None) -> Records:
    """Every column of a table, named by its header."""
    table = table_of(data if isinstance(data, bytes) else data.encode(), "t.csv", encoding)
    return table.read({name: position for position, name in enumerate(table.header)})


def rows(data: bytes | str) -> list[tuple[object, ...]]:
    return read(data).frame.rows()


def refused(data: bytes | str, *, encoding: str | None = None) -> Problem:
    with pytest.raises(AnswersError) as caught:
        read(data, encoding=encoding)
    (found,) = caught.value.problems
    assert found.place.file == "t.csv"
    return found


def quoted(text: str) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.rstrip("\n").split("\n")) + "\n"


# The same table, written in other ways


TWINS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "bars": lambda text: text.replace(",", "|").encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 1).replace("\nAsh", "\rAsh").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "a mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "two marks": lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
    "UTF-16, little end first": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "everything quoted": lambda text: quoted(text).encode(),
    "everything quoted, CRLF": lambda text: quoted(text).replace("\n", "\r\n").encode(),
    "everything quoted, semicolons": lambda text: quoted(text).replace(",", ";").encode(),
    "one cell quoted": lambda text: text.replace("Elm", '"Elm"').encode(),
    "Ctrl-Z": lambda text: text.encode() + b"\x1a",
    "Ctrl-Z and a line": lambda text: text.encode() + b"\x1a\r\n",
    "blank lines at the end": lambda text: text.encode() + b"\n\r\n  \n\xc2\xa0\n",
    "separators at the end": lambda text: text.encode() + b",,\n,,,,\n , ,\n",
    "quoted nothing at the end": lambda text: text.encode() + b'"","",""\n',
}
# Twins whose first line is another one
SHIFTED: dict[str, Callable[[str], bytes]] = {
    "sep=": lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
    "quoted sep=": lambda text: ('"sep=|"\r\n' + text.replace(",", "|")).encode(),
    "sep= an odd mark": lambda text: ("SEP=^\n" + text.replace(",", "^")).encode(),
    "a blank line first": lambda text: ("\n" + text).encode(),
    "separators first": lambda text: (",,\n" + text).encode(),
}


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_is_read_like_the_plain_table(name: str) -> None:
    assert rows(TWINS[name](PLAIN)) == rows(PLAIN)
    assert read(TWINS[name](PLAIN)).problems == []


@pytest.mark.parametrize("name", SHIFTED)
def test_a_line_before_the_header_moves_only_the_line_numbers(name: str) -> None:
    expected = [(row, int(str(line)) + 1, *cells) for row, line, *cells in rows(PLAIN)]
    assert rows(SHIFTED[name](PLAIN)) == expected


def test_the_plain_table_itself() -> None:
    records = read(PLAIN)
    assert records.frame.rows() == [(1, 2, "Elm", "fine", "1"), (2, 3, "Oak", "", "2"), (3, 4, "Ash", "x y", "3")]
    assert dict(records.frame.schema) == {
        "row": pl.Int64,
        "line": pl.Int64,
        "practice": pl.String,
        "note": pl.String,
        "q1": pl.String,
    }
    assert records.rows_read == 3


@pytest.mark.parametrize("line", ["007,null,1e0", "TRUE,NaN,0x2", "NA,#N/A,2.50", " a , b ,\u00a0c"])
def test_text_stays_the_text_it_is(line: str) -> None:
    assert rows(f"a,b,c\n{line}\n")[0][2:] == tuple(line.split(","))
    assert rows(quoted(f"a,b,c\n{line}\n"))[0][2:] == tuple(line.split(","))


def test_a_blank_line_in_the_middle_is_no_row_but_a_line() -> None:
    text = "a,b\n\n1,2\n,\n3,4\n"
    assert rows(text) == [(1, 3, "1", "2"), (2, 5, "3", "4")]
    assert rows(text.replace("1,2", '1,"2"')) == rows(text)


def test_quoted_line_ends_keep_row_and_line_right() -> None:
    assert rows('a,b\n1,"x\ny"\n2,z\n') == [(1, 2, "1", "x\ny"), (2, 4, "2", "z")]
    assert rows('a,b\r\n1,"x\r\ny"\r\n2,z\r\n') == rows('a,b\n1,"x\ny"\n2,z\n')


def test_a_quoted_header_may_have_line_ends_and_separators() -> None:
    table = table_of(b'a;"b; or\nc";d\n1;2;3\n', "t.csv")
    assert (table.header, table.header_line, table.delimiter) == (("a", "b; or\nc", "d"), 1, ";")
    assert table.read({"d": 2}).frame.rows() == [(1, 3, "3")]


def test_a_quote_inside_an_unquoted_cell_is_a_quote() -> None:
    assert rows('a,b\n5" screen,the "big" one\n') == [(1, 2, '5" screen', 'the "big" one')]


def test_doubled_quotes_are_one() -> None:
    assert rows('a,b\n"say ""yes""",2\n') == [(1, 2, 'say "yes"', "2")]


def test_a_table_of_one_column() -> None:
    assert rows("a\n1\n\n2\n") == [(1, 2, "1"), (2, 4, "2")]
    assert rows('a\n"1"\n\n2\n') == [(1, 2, "1"), (2, 4, "2")]


def test_only_the_columns_asked_for_are_kept_in_the_order_asked() -> None:
    for text in (PLAIN, quoted(PLAIN)):
        table = table_of(text.encode(), "t.csv")
        assert table.read({"x": 2}).frame.columns == ["row", "line", "x"]
        assert table.read({"y": 2, "z": 0}).frame.rows()[0] == (1, 2, "1", "Elm")
        assert table.read({}).frame.rows() == [(1, 2), (2, 3), (3, 4)]


def test_headers_of_the_same_name_are_kept_apart_by_position() -> None:
    table = table_of(b"a,a\n1,2\n", "t.csv")
    assert table.header == ("a", "a")
    assert table.read({"first": 0, "second": 1}).frame.rows() == [(1, 2, "1", "2")]


def test_known_names_tell_the_separator_from_commas_in_words() -> None:
    data = b"practice;which of a, b, c, d, e;q1\nElm;x;1\n"
    assert table_of(data, "t.csv", names={"practice", "q1"}).delimiter == ";"


@pytest.mark.parametrize(
    ("encoding", "used"),
    [("cp1252", "cp1252"), ("latin-1", "latin-1"), ("mac-roman", "mac-roman"), ("utf-16-le", "utf-16-le"), ("UTF8", "utf-8")],
)
def test_the_encoding_given_is_used(encoding: str, used: str) -> None:
    assert read("a,b\nCafé,Ünal\n".encode(used), encoding=encoding).frame.rows() == [(1, 2, "Café", "Ünal")]


def test_the_mark_of_a_file_is_believed_before_the_encoding_given() -> None:
    table = table_of(b"\xef\xbb\xbf" + "a,b\nCafé,1\n".encode(), "t.csv", "cp1252")
    assert table.read({"a": 0}).frame["a"][0] == "Café"
    assert "UTF-8" in table.notices[0]


@pytest.mark.parametrize(
    "encoding", ["nonsense", "zlib", "base64", "rot13", "idna", "punycode", "unicode_escape", "utf-7", " ", "\0", "ut\u200bf8"]
)
def test_an_encoding_that_is_none_is_wrong_usage(encoding: str) -> None:
    with pytest.raises(UsageError, match="encoding"):
        read(PLAIN, encoding=encoding)


def test_python_and_polars_strip_the_same_blanks() -> None:
    assert set(SPACES) == {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()}


# Rows that are rejected


@pytest.mark.parametrize("quote", ["", '"'])
def test_rows_with_too_few_or_too_many_cells_are_rejected_with_both_counts(quote: str) -> None:
    records = read(f"a,b,c\n1,2\n{quote}4{quote},5,6\n7,8,9,0\nTotal\n")
    assert records.frame.rows() == [(2, 3, "4", "5", "6")]
    assert [(found.code, found.place.row, found.place.line, found.message) for found in records.problems] == [
        ("T010", 1, 2, "2 cells, header has 3"),
        ("T010", 3, 4, "4 cells, header has 3"),
        ("T010", 4, 5, "1 cell, header has 3"),
    ]
    assert records.rows_read == 4


def test_text_after_a_closing_quote_rejects_the_row_and_no_other() -> None:
    records = read('a,b\n1,2\n"3"x,4\n5,"6" \n7,8\n')
    assert records.frame.rows() == [(1, 2, "1", "2"), (4, 5, "7", "8")]
    assert [(found.code, found.place.row, found.place.line) for found in records.problems] == [("T011", 2, 3), ("T011", 3, 4)]


def test_after_such_a_row_reading_goes_on_at_the_right_line() -> None:
    records = read('a,b\n"1"x,"two\n3,4\nlines"\n5,6\n')
    assert records.frame.rows() == [(2, 5, "5", "6")]
    assert "lines 2 to 4" in records.problems[0].message


# Files that are refused


@pytest.mark.parametrize(
    ("text", "line", "position"),
    [
        ('a,b\n1,2\n3,"4\n5,6\n', 3, 3),
        ('a,b\n1,2\n"3,4\n5,6', 3, 1),
        ('a,b\n1,"x\ny"\n3,"4\n', 4, 3),
        ('a,b\n1,"x ""y"" z\n3,4\n', 2, 3),
        ('a,"b\n1,2\n', 1, 3),
        ('a,b\n1,"2\n3,"4"\n', 2, 3),
        ('a,b\n"1"x,"2\n3,4\n', 2, 6),
        ('a,b\n1,"' + "2\n" * 200_000, 2, 3),
        ('\n\na,"b\n1,2\n', 3, 3),
    ],
)
def test_an_unclosed_quote_is_named_where_it_opened(text: str, line: int, position: int) -> None:
    found = refused(text)
    assert (found.code, found.place.line, found.place.position) == ("T007", line, position)


def test_a_header_with_text_after_a_closing_quote_is_refused() -> None:
    found = refused('a,"b"x\n1,2\n')
    assert (found.code, found.place.line) == ("T012", 1)


@pytest.mark.parametrize(
    ("data", "encoding", "line", "position"),
    [
        (b"a,b\n1,2\nCaf\xe9,3\n", None, 3, 4),
        (b"a,b\r\n1,2\r\n\xff,3\r\n", None, 3, 1),
        (b"a,b\r1,2\r\xff,3\r", None, 3, 1),
        ("a,b\nü".encode() + b"\xe9,3\n", None, 2, 3),
        (b"\xff\xfe" + "a,b\n1,".encode("utf-16-le") + b"\x00\xd8\n\x00", None, 2, 5),
        (b"a,b\n\x81,3\n", "cp1252", 2, 1),
        (b"\xed\xa0\x80,b\n1,2\n", None, 1, 1),
    ],
)
def test_undecodable_bytes_are_named_by_line_and_byte(data: bytes, encoding: str | None, line: int, position: int) -> None:
    found = refused(data, encoding=encoding)
    assert (found.code, found.place.line, found.place.position) == ("T003", line, position)
    assert f"line {line}, byte {position}" in found.message
    assert "--encoding" in found.fix


@pytest.mark.parametrize("data", [b"a,b\n1,2\n\0\0\0\0", b"a,b\n1,2\n3,\x004\n", "a,b\n1,2\n3,4\n".encode("utf-16-le")])
def test_nul_bytes_are_refused(data: bytes) -> None:
    assert refused(data).code == "T004"


def test_a_nul_tail_is_named_by_its_line() -> None:
    assert refused(b"a,b\n1,2\n\0\0\0").place.line == 3
    assert refused(b"\xff\xfe" + "a,b\n1,\0\n".encode("utf-16-le")).place.line == 2


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x1f\x8b\x08\0 rest", "gzip"),
        (b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "docx"),
        (b"PK\x03\x04" + b"\0" * 26 + b"table.csv", "zip"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"PAR1....PAR1", "Parquet"),
        (b"%PDF-1.7\n", "PDF"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<!DOCTYPE html>\n<html>", "web page"),
        (b"\xef\xbb\xbf\n  <HTML>", "web page"),
        (b'<?xml version="1.0"?>', "web page"),
        (b'{"answers": []}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(data: bytes, kind: str) -> None:
    found = refused(data)
    assert found.code == "T002"
    assert kind in found.message
    assert found.fix


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  \r\n", b",,,\n;;\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a", b"sep=;\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refused(data).code == "T005"


@pytest.mark.parametrize("data", [b"a,b", b"a,b\n", b"a,b\n\n,,\n", b'"a","b"\n', b'a,b\n"",""\n'])
def test_a_header_without_rows_is_refused(data: bytes) -> None:
    assert refused(data).code == "T006"


def test_a_row_that_is_broken_is_a_row_all_the_same() -> None:
    records = read("a,b\n1\n")
    assert (records.rows_read, records.frame.height, len(records.problems)) == (1, 0, 1)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"a,b\n1," + b"2" * rawtext.LINE_LIMIT + b"\n", "T008", 2),
        (b"a,b\n1,2\n" * 300_000 + b"x" * (rawtext.LINE_LIMIT + 1), "T008", 600_001),
        (b"a" * (rawtext.LINE_LIMIT + 1), "T008", 1),
        (b"a,b\n3,4\n1," + b"2" * (CELL_LIMIT + 1) + b"\n", "T008", 3),
        (b'a,b\n3,4\n1,"' + b"2" * (CELL_LIMIT + 1) + b'"\n', "T008", 3),
        (b'a,b\n3,4\n1,"' + b"2\n" * CELL_LIMIT + b'"\n', "T008", 3),
        (b",".join([b"a"] * (COLUMN_LIMIT + 1)) + b"\n1\n", "T009", 1),
    ],
    ids=range(7),
)
def test_the_limits_are_named(data: bytes, code: str, line: int) -> None:
    found = refused(data)
    assert (found.code, found.place.line) == (code, line)
    assert any(f"{limit:,}" in found.message for limit in (rawtext.LINE_LIMIT, CELL_LIMIT, COLUMN_LIMIT))


def test_the_number_of_lines_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rawtext, "LINES_LIMIT", 100)
    assert refused("a,b\n" + "1,2\n" * 101).code == "T008"
    assert read("a,b\n" + "1,2\n" * 99).rows_read == 99


def test_large_but_allowed_tables_are_read_in_seconds() -> None:
    started = time.monotonic()
    wide = ",".join(f"c{number}" for number in range(COLUMN_LIMIT))
    assert read(f"{wide}\n{wide}\n").rows_read == 1
    assert read(quoted(f"{wide}\n{wide}\n")).rows_read == 1
    assert len(read("a,b\n" + '"x"y,2\n' * 20_000).problems) == 20_000
    assert len(read('a,b\n"x"y' + "," * 900_000 + "\n").problems) == 1
    assert refused('a,b\n1,"2\n' + "3\n" * 2_000_000 + '"x').code == "T007"
    assert refused('a,b\n1,2\n"x"y,"' + "3\n4" * 1_000_000).place.line == 3
    assert time.monotonic() - started < 20


# From files and pipes


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(PLAIN)
    table = open_table(path)
    assert table.file == str(path)
    assert table.read({"q": 2}).frame["q"].to_list() == ["1", "2", "3"]


def test_what_is_no_file_is_refused_and_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing.csv", Path("/dev/zero")):
        with pytest.raises(PartnercheckError, match="'"):
            open_table(path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ReadOrWriteFailed):
        open_table(tmp_path / "loop")
    (tmp_path / "big.csv").write_text(PLAIN)
    monkeypatch.setattr(rawtext, "SIZE_LIMIT", 10)
    with pytest.raises(AnswersError, match="10 bytes"):
        open_table(tmp_path / "big.csv")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
    assert open_table(Path("-")).file == "standard input"
    monkeypatch.setattr(rawtext, "SIZE_LIMIT", 10)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
    with pytest.raises(AnswersError, match="Standard input is larger"):
        open_table(Path("-"))


@pytest.mark.parametrize("stdin", [None, SimpleNamespace(closed=True), SimpleNamespace(closed=False, isatty=lambda: True)])
def test_a_keyboard_is_no_table(stdin: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(UsageError, match="pipe"):
        open_table(Path("-"))


# Properties


CELL = st.text(st.characters(exclude_characters="\0\r\x1a\ufeff", exclude_categories=["Cs"]), max_size=6)
# What the table and its plain twin may not hold: marks that split cells and lines there
SIMPLE = st.text(st.characters(exclude_characters='\0\r\n\x1a\ufeff,;\t|"', exclude_categories=["Cs"]), max_size=6)


def has_words(cells: Sequence[str]) -> bool:
    return bool("".join(cells).strip(SPACES + ",;|"))


@given(st.lists(st.tuples(CELL, CELL, CELL).filter(has_words), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_whatever_csv_writes_is_read_back(cells: list[tuple[str, ...]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b", "c"), *cells])
    assert [row[2:] for row in rows(out.getvalue())] == cells


@given(st.lists(st.tuples(SIMPLE, SIMPLE).filter(has_words), min_size=1, max_size=8))
def test_with_quotes_and_without_the_same_is_read(cells: list[tuple[str, ...]]) -> None:
    text = "a,b\n" + "\n".join(",".join(row) for row in cells)
    assert rows(text) == rows(quoted(text))
    assert [row[2:] for row in rows(text)] == cells


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(['"', ",", "\n", "\r", "a", " ", '""', ";", "é", "\x1a", "1,2\n", '"x"']), max_size=30).map("".join)
)
def test_no_structure_breaks_the_reader_and_no_row_is_lost(tail: str) -> None:
    try:
        records = read("a,b\n" + tail)
    except AnswersError:
        refused("a,b\n" + tail)
        return
    assert records.rows_read == records.frame.height + len(records.problems)
    numbers = sorted([*records.frame["row"].to_list(), *(found.place.row for found in records.problems)])
    assert numbers == list(range(1, records.rows_read + 1))
    assert records.frame.null_count().sum_horizontal().item() == 0


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for candidate in (data, b"a,b\n" + data):
        try:
            records = read(candidate)
        except AnswersError:
            refused(candidate)
        else:
            assert records.rows_read == records.frame.height + len(records.problems)
