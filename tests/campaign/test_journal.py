"""The journal: each result once, whatever ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlipviewer.campaign.journal import FAILED, Entry, Journal, key_of
from mlipviewer.core.problem import ReadProblem


def entry(key: str, **more: object) -> Entry:
    return Entry(key, "property", "m", "lattice", "done", {"values": {"a": 5.43}}, **more)  # type: ignore[arg-type]


def test_that_the_first_result_of_a_key_stays(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        assert journal.add(entry("k", seconds=1.0))
        assert not journal.add(entry("k", seconds=2.0))
    with Journal(tmp_path / "j") as again:
        (found,) = again.entries()
    assert found.seconds == 1.0
    assert found.data == {"values": {"a": 5.43}}


def test_that_failed_results_can_be_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.add(entry("good"))
        journal.add(Entry("bad", "train", "m", "nnp", FAILED, reason="it diverged"))
        assert journal.forget_failed() == 1
        assert list(journal.known()) == ["good"]


def test_that_keys_depend_on_the_parts_alone() -> None:
    assert key_of(a=1, b={"x": 1.5, "y": 2}) == key_of(b={"y": 2, "x": 1.5}, a=1)
    assert key_of(a=1) != key_of(a=2) != key_of(b=2)


def test_that_another_file_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"no data base at all, whatever its name says" * 40)
    with pytest.raises(ReadProblem, match="no journal"):
        Journal(tmp_path / "j")


WRITING = """
import sys
from pathlib import Path
from mlipviewer.campaign.journal import Entry, Journal
journal = Journal(Path(sys.argv[1]))
for k in range(100000):
    journal.add(Entry(str(k), "property", "m", "x", "done", {"k": k}))
    print(k, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="ends a process as POSIX does")
def test_that_what_was_told_as_written_survives_kill_9(tmp_path: Path) -> None:
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path / "j")], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(50)]
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split("\n")
        child.stdout.close()
        child.wait()
        last = int(([*told, *rest[:-1]])[-1])
        with Journal(tmp_path / "j") as journal:
            known = journal.known()
        assert all(known[str(k)].data == {"k": k} for k in range(last + 1))
