"""The YAML reader: everything is text, everything has a place, and nothing a stranger writes can do harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnercheck import yamlfile
from partnercheck.errors import AnswersError, RubricError
from partnercheck.problems import render


def read(text: str | bytes) -> tuple[yamlfile.Document, list[str]]:
    """A document and its findings as `CODE line:column`."""
    document, found = yamlfile.read(text.encode() if isinstance(text, str) else text, "f.yaml")
    return document, [f"{entry.code} {entry.place.line}:{entry.place.position}" for entry in found]


@pytest.mark.parametrize(
    "written",
    ["no", "NO", "on", "yes", "true", "null", "~", "010", "0o10", "0x1f", "1_000", "1:30", "1.10", "1e3", ".inf", ".nan", "2026-11-05",
     "2026-11-05 10:00:00", "<<", "=", "+1", "٢", "２", "007"],
)  # fmt: skip
def test_every_scalar_stays_the_text_that_was_written(written: str) -> None:
    document, found = read(f"a: {written}\n")
    assert document.data == {"a": written}
    assert found == []


def test_what_yaml_calls_null_is_an_empty_text() -> None:
    assert read("a:\nb: # a remark\nc: ''\n")[0].data == {"a": "", "b": "", "c": ""}


def test_mappings_lists_and_texts_are_read_in_order() -> None:
    document, found = read("b: [x, {c: d}]\na: >-\n  two\n  lines\n")
    assert document.data == {"b": ["x", {"c": "d"}], "a": "two lines"}
    assert list(document.data) == ["b", "a"]
    assert found == []


def test_everything_has_its_place() -> None:
    document, _ = read("a:\n  - b: c\n    dé: e\n")
    assert (document.place(("a",), key=True).line, document.place(("a",), key=True).position) == (1, 1)
    assert (document.place(("a", 0, "dé")).line, document.place(("a", 0, "dé")).position) == (3, 9)
    assert document.place(("a", 0, "dé")).source == "    dé: e"
    assert document.line(("a", 0, "b")) == 2


def test_what_is_missing_is_placed_where_it_should_be() -> None:
    document, _ = read("a:\n  - b: c\n")
    assert document.place(("a", 0, "z", 3)).line == 2
    assert document.place(("z",)).line == 1


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    document, found = read(ending.join(["a: 1", "b: 2", "b: 3", ""]))
    assert found == ["Y010 3:1"]
    assert document.at(3, 1).source == "b: 3"


@pytest.mark.parametrize("break_", ["\u0085", "\u2028", "\u2029"])
def test_unusual_line_ends_do_not_shift_the_places(break_: str) -> None:
    document, found = read(f"a: x{break_}b: y\nb: z\n")
    assert [document.lines[int(entry.split()[1].split(":")[0]) - 1] for entry in found] == ["b: z"]


def test_a_byte_order_mark_is_no_text() -> None:
    assert read("\ufeffa: 1\n")[0].data == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", "Y010 3:1"),
        ("a: {b: 1, b: 2}\n", "Y010 1:11"),
        ("a: &x 1\n", "Y006 1:4"),
        ("a: *x\n", "Y006 1:4"),
        ("a: !!python/object/apply:os.system [ls]\n", "Y007 1:4"),
        ("!!map\na: 1\n", "Y007 1:1"),
        ("a: ! b\n", "Y007 1:4"),
        ("%TAG ! tag:example.org,2000:\n---\na: !b c\n", "Y007 3:4"),
        ("? [a]\n: b\n", "Y011 1:3"),
        ("a: 1\n---\nb: 2\n", "Y008 2:1"),
        ("a:\n\tb: 1\n", "Y004 2:1"),
        ("a: b: c\n", "Y004 1:5"),
        ("a: 1\nb: 'x\nc: d\n", "Y004 2:4"),
        ('a: "C:\\dir"\n', "Y004 1:7"),
        ('a: "\\ud800"\n', "Y004 1:7"),
        ('a: "\\e[2J"\n', "Y003 1:4"),
        ('a: "\\x9b"\n', "Y003 1:4"),
        ('a: "\\0"\n', "Y003 1:4"),
        ("a: b\x00c\n", "Y003 1:5"),
        ("a: \x1b]52;c;\x07\n", "Y003 1:4"),
        ("a: \x9b2J\n", "Y003 1:4"),
    ],
)
def test_what_is_not_allowed_is_told_with_its_place(text: str, found: str) -> None:
    assert read(text)[1][0] == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n\tb: 1\n", "a tab is used for indentation"),
        ("a: @b\n", "put it in quotes"),
        ("a: 50: x\n", "put a text with a colon in quotes"),
        ("a: 'x\n", "a quote is opened here and never closed"),
        ('a: "\\d"\n', "use single quotes"),
        ("a: 1\n b\n  c: 2\n", "colon"),
        ("a: - b\n", "a list begins on the line below its key"),
    ],
)
def test_a_fault_of_syntax_is_told_in_plain_words(text: str, words: str) -> None:
    (found,) = yamlfile.read(text.encode(), "f.yaml")[1]
    assert found.code == "Y004"
    assert words in render(found)


HOSTILE = {
    "200,000 brackets": b"a: " + b"[" * 200_000,
    "200,000 braces": b"{a: " * 200_000,
    "200,000 dashes": b"- " * 200_000,
    "200,000 questions": b"? " * 200_000,
    "billion laughs": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "10 MB": b"a: b\n" * 2_000_000,
    "duplicate keys without end": b"a: 1\n" * 200_000,
    "NUL": b"\x00" * 1_000_000,
    "one line of quotes": b'"' * 1_000_000,
    "one line of tabs": b"\t" * 1_000_000,
    "stars": b"*" * 1_000_000,
    "percent": b"%" * 1_000_000,
    "a key without end": b"k" * 1_000_000 + b": 1",
    "surrogates as bytes": b"a: \xed\xa0\x80\n",
    "an overlong NUL": b"a: \xc0\x80\n",
    "another program": b"\x7fELF\x02\x01\x01",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_told_in_a_second(what: str) -> None:
    begun = time.perf_counter()
    _, found = yamlfile.read(HOSTILE[what], "f.yaml")
    assert time.perf_counter() - begun < 5  # far less on a machine that does nothing else
    assert found
    assert all(entry.is_error for entry in found)
    assert all(entry.place.file == "f.yaml" for entry in found)
    assert len(found) <= yamlfile.FAULT_LIMIT + 1
    assert max(len(render(entry)) for entry in found) < 500


@pytest.mark.parametrize(
    "text", ["[" * 12 + "]" * 12, "{a: " * 12 + "}" * 12, "a:\n" + "".join("  " * depth + "a:\n" for depth in range(1, 12))]
)
def test_a_file_may_be_nested_twelve_deep(text: str) -> None:
    assert read(text)[1] == []


def test_a_file_that_cannot_be_read_is_named_by_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="There is no file"):
        yamlfile.read_file(tmp_path / "none.yaml")
    with pytest.raises(AnswersError, match="a folder"):
        yamlfile.read_file(tmp_path, AnswersError)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: b\n" * 2_000_000)
    with pytest.raises(RubricError, match="larger than 1,048,576 bytes"):
        yamlfile.read_file(big)


@given(st.text(st.characters(codec="utf-8")) | st.text("ab:-[]{}\"'#&*!|>%@`, \n\t?~", max_size=60))
@example("a: |2\n x")
@example("- - - a: b")
@example("\n...\n...\n")
def test_no_text_makes_it_raise(text: str) -> None:
    document, found = yamlfile.read(text.encode(), "f.yaml")
    for entry in found:
        assert render(entry)
    assert found or document.data is not None


@given(st.binary(max_size=80))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    document, found = yamlfile.read(data, "f.yaml")
    assert found or document.data is not None


# Where PyYAML was built without libyaml its own parser reads the events: slower, and it fails in other ways.


@pytest.fixture
def _without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yamlfile.yaml, "CSafeLoader", raising=False)


@pytest.mark.usefixtures("_without_libyaml")
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_does_no_harm_to_the_slower_parser(what: str) -> None:
    _, found = yamlfile.read(HOSTILE[what], "f.yaml")
    assert found
    assert all(entry.is_error for entry in found)


@pytest.mark.usefixtures("_without_libyaml")
def test_a_surrogate_written_as_an_escape_is_refused_by_both_parsers() -> None:
    assert read('a: "\\ud800"\n')[1] == ["Y003 1:4"]


def test_what_a_parser_raises_without_a_place_is_told_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no such code\nand more")

    monkeypatch.setattr(yamlfile.yaml, "parse", fail)
    (found,) = yamlfile.read(b"a: b\n", "f.yaml")[1]
    assert (found.code, found.message) == ("Y004", "this is not valid YAML: no such code")
