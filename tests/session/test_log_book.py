"""The log: one line an event whatever is in it, bounded, quiet under floods, fit to be sent."""

from __future__ import annotations

import getpass
import json
import logging
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.session.reports import log_book
from mlipviewer.session.reports.bug_report import report_parts, without_paths, write_report
from mlipviewer.session.reports.log_book import (
    BURST,
    Entry,
    LogBook,
    begin_log,
    end_log,
    hear_failures,
    one_line,
)

log = logging.getLogger("mlipviewer.test")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[LogBook]:
    made = begin_log(tmp_path / "log")
    yield made
    end_log(made)


def lines(book: LogBook) -> list[str]:
    assert book.folder is not None
    return (book.folder / "mlipviewer.log").read_text("utf-8").splitlines()


@given(st.text())
def test_that_any_text_is_one_printable_line(text: str) -> None:
    said = one_line(text)
    assert said.isprintable()
    assert len(said.splitlines()) <= 1
    said.encode("utf-8")  # surrogates are escaped


def test_that_a_name_of_a_file_cannot_write_a_line_of_its_own(book: LogBook) -> None:
    log.warning("could not read %s", "a\n2026-01-01T00:00:00 ERROR mlipviewer: all is lost\x1b[2J")
    assert len(lines(book)) == 1
    assert "\\n2026" in lines(book)[0]
    assert "\\x1b[2J" in lines(book)[0]


def test_that_a_traceback_is_part_of_its_line(book: LogBook) -> None:
    try:
        raise ValueError("no such column")
    except ValueError:
        log.exception("a view failed")
    assert len(lines(book)) == 1
    assert "no such column" in lines(book)[0]
    assert "test_log_book.py" in book.entries[0].details


def test_that_a_flood_is_counted_and_others_are_heard(
    book: LogBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(1000):
        log.error("again")
    log.error("something else")
    assert len(book.entries) == BURST + 1
    assert len(lines(book)) == BURST + 1
    monkeypatch.setattr(log_book, "WINDOW", 0.0)
    log.error("again")
    assert f"({1000 - BURST} more of this kind were left out)" in book.entries[-1].text


def test_that_the_files_stay_below_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_book, "MAX_BYTES", 5000)
    book = begin_log(tmp_path)
    for k in range(3000):
        log.info("event number %d of many", k)
    end_log(book)
    files = sorted(tmp_path.glob("mlipviewer.log*"))
    assert len(files) == log_book.N_FILES
    assert all(file.stat().st_size <= 5000 for file in files)
    assert "event number 2999" in (tmp_path / "mlipviewer.log").read_text()


def test_that_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    book = begin_log(tmp_path / "taken" / "log")
    log.info("heard all the same")
    end_log(book)
    assert [entry.text for entry in book.entries] == ["heard all the same"]


def test_that_what_nobody_caught_is_in_the_log(
    book: LogBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard_before: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *about: heard_before.append(about))
    monkeypatch.setattr(threading, "excepthook", heard_before.append)
    end = hear_failures()
    try:
        problem = ZeroDivisionError("by nothing")
        sys.excepthook(type(problem), problem, None)
        thread = threading.Thread(target=lambda: 1 // 0, name="a worker")
        thread.start()
        thread.join()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)  # no failure
    finally:
        end()
    texts = [entry.text for entry in book.entries if entry.source == log_book.FAILURES]
    assert texts[0] == "ZeroDivisionError: by nothing"
    assert texts[1].startswith("a worker: ZeroDivisionError")
    assert len(texts) == 2
    assert len(heard_before) == 3


def test_that_a_report_tells_no_paths_and_no_name(book: LogBook, tmp_path: Path) -> None:
    home = Path.home()
    log.warning("could not read %s", home / "secret project" / "run.xyz")
    log.warning("in %s", Path(log_book.__file__))
    book.emit(logging.LogRecord("a", 40, "", 0, r"C:\Users\Ada\data\x.csv is gone", None, None))
    parts = report_parts(book, {"OpenGL renderer": "made"})
    write_report(tmp_path / "report.zip", parts)
    with zipfile.ZipFile(tmp_path / "report.zip") as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert {"versions.json", "drawing.json", "settings.json", "recent.log"} <= texts.keys()
    assert "kept/mlipviewer.log" in texts
    together = "\n".join(texts.values())
    assert str(home) not in together
    assert str(tmp_path) not in together
    assert "Ada" not in together
    assert "x.csv is gone" in together
    assert "log_book.py" in together
    versions = json.loads(texts["versions.json"])
    assert versions["libraries"]["numpy"]
    assert json.loads(texts["drawing.json"]) == {"OpenGL renderer": "made"}


def test_that_units_and_ratios_are_not_taken_for_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "somebody")
    said = "0.3 eV/A^3 and 12 of 24/48, read/write; by somebody"
    assert without_paths(said) == said.replace("somebody", "USER")


def test_that_an_entry_tells_when_and_where() -> None:
    line = Entry(0.0, logging.ERROR, "mlipviewer.io", "bad", "a\nb").line
    assert line.endswith(r"ERROR mlipviewer.io: bad | a\nb")


def test_that_a_listener_that_fails_harms_nobody(book: LogBook) -> None:
    def gone(_entry: Entry) -> None:
        raise RuntimeError("Signal source has been deleted")

    heard: list[Entry] = []
    end = book.listen(gone)
    book.listen(heard.append)
    for _ in range(2):
        logging.getLogger("mlipviewer.test").warning("it goes on")
    assert len(heard) == 2
    end()  # it was left out already
