"""Foreign text made harmless; files read without hanging and written whole or not at all."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercheck.clean import ascii_id, clean, clean_value, has_acting, is_acting
from partnercheck.errors import AnswersError, CannotCreate, ReadOrWriteFailed, RubricError
from partnercheck.files import read_bytes, write_atomic

ACTING = "\x00\x07\x08\x09\x0a\x0d\x1b\x7f\x80\x85\x90\x9b\x9d\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9\U000e0041\u115f\u3164\uffa0\u2800\ufe0f\ue000\ud800"  # fmt: skip

anything = st.text(st.characters(codec=None) | st.sampled_from(ACTING) | st.sampled_from("abc ."))


@given(anything)
def test_nothing_that_acts_or_hides_survives(text: str) -> None:
    cleaned = clean(text)
    assert not has_acting(cleaned)
    for char in cleaned:
        assert char not in ACTING
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    cleaned.encode("utf-8")  # no lone surrogate is left that could not be written


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=ACTING)))
def test_plain_text_in_any_language_is_left_as_it_is(text: str) -> None:
    if not has_acting(text):
        assert clean(text) == text


@given(anything)
def test_what_is_kept_is_kept_and_nothing_else(text: str) -> None:
    assert set(clean(text, keep="\n\t")) & set(ACTING) <= {"\n", "\t"}
    assert clean(text, keep="\n").count("\n") == text.count("\n")


@pytest.mark.parametrize("char", ACTING)
def test_every_acting_character_is_seen_in_its_stand_in(char: str) -> None:
    assert is_acting(char)
    assert clean(f"a{char}b") not in ("ab", f"a{char}b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "^[[2J"),
        ("a\x00b", "a^@b"),
        ("\x7f", "^?"),
        ("\x9b", "<U+009B>"),
        ("a\u202eb", "a<U+202E>b"),
        ("Ärztin – 家庭医生 ✓", "Ärztin – 家庭医生 ✓"),
    ],
)
def test_stand_ins(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(anything)
def test_a_cell_is_shown_clean_and_short(value: str) -> None:
    shown = clean_value(value)
    assert len(shown) <= 40 or "@" in value
    assert not has_acting(shown)


@pytest.mark.parametrize("value", ["a@b.org", "ask x@y", "full-width a＠b.org", "@" * 100])
def test_what_looks_like_an_address_is_hidden(value: str) -> None:
    assert clean_value(value) == "(hidden: looks like an e-mail address)"


def test_a_long_value_is_cut_at_forty_characters() -> None:
    assert clean_value("x" * 40) == "x" * 40
    assert clean_value("x" * 41) == "x" * 39 + "…"
    assert clean_value("\x1b" * 25) == "^[" * 19 + "^…"


@given(anything)
def test_an_id_is_shown_in_ascii_only(text: str) -> None:
    shown = ascii_id(text)
    assert shown.isascii()
    assert shown.isprintable()


# Reading


def test_the_bytes_of_a_file_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    assert read_bytes(path, limit=5) == b"12345"
    with pytest.raises(AnswersError, match="larger than 4 bytes"):
        read_bytes(path, limit=4)


def test_what_is_not_a_regular_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match="There is no file"):
        read_bytes(tmp_path / "none", limit=9)
    with pytest.raises(RubricError, match="is a folder"):
        read_bytes(tmp_path, limit=9, error=RubricError)
    (tmp_path / "f").write_text("x")
    with pytest.raises(AnswersError, match="is not a file"):
        read_bytes(tmp_path / "f" / "g", limit=9)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_a_device_is_recognised_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(AnswersError, match="is a pipe"):
        read_bytes(pipe, limit=9)
    with pytest.raises(AnswersError, match="is a device"):
        read_bytes(Path("/dev/zero"), limit=9)


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000])
def test_a_name_no_file_can_have_is_told(name: str) -> None:
    with pytest.raises((ReadOrWriteFailed, AnswersError)) as told:
        read_bytes(Path(name), limit=9)
    assert "\x00" not in str(told.value)


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ReadOrWriteFailed, match="Could not read"):
        read_bytes(tmp_path / "a", limit=9)


# Writing


def test_a_file_is_written_whole_private_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    write_atomic(path, "Zeile\nü\n")
    assert path.read_bytes() == "Zeile\nü\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("mine")
    with pytest.raises(CannotCreate, match="left as it is"):
        write_atomic(path, "new")
    assert path.read_text() == "mine"
    write_atomic(path, "new", force=True)
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_input_is_never_overwritten_not_even_by_another_name(tmp_path: Path) -> None:
    path, other = tmp_path / "in.csv", tmp_path / "link.csv"
    path.write_text("mine")
    os.link(path, other)
    with pytest.raises(CannotCreate, match="is an input"):
        write_atomic(other, "new", force=True, inputs=(path,))
    assert path.read_text() == "mine"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(CannotCreate, match="is a link"):
        write_atomic(link, "new", force=True)
    assert target.read_text() == "mine"


def test_a_folder_or_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate, match="is a folder"):
        write_atomic(tmp_path, "x")
    with pytest.raises(CannotCreate, match="Cannot write in"):
        write_atomic(tmp_path / "none" / "out.txt", "x")


@pytest.mark.parametrize("force", [False, True])
def test_a_failing_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool) -> None:
    path = tmp_path / "out.txt"
    if force:
        path.write_text("mine")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReadOrWriteFailed, match="no space left on device"):
        write_atomic(path, "new", force=force)
    assert [entry.name for entry in tmp_path.iterdir()] == (["out.txt"] if force else [])
    assert not force or path.read_text() == "mine"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.txt"
    monkeypatch.setattr(os, "fsync", lambda _descriptor: path.write_text("theirs"))
    with pytest.raises(CannotCreate, match="is there already"):
        write_atomic(path, "ours")
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]
