"""Damaged inputs for every reader: a few for each change, many by `./test fuzz`."""

from __future__ import annotations

import os

import pytest

from mlipviewer.io.trajectories import foreign
from tests.fuzz.__main__ import fault_of, run
from tests.fuzz.libraries import LIBRARIES, through
from tests.fuzz.readers import READERS, Reader, Wrong

N = int(os.environ.get("MLIPVIEWER_FUZZ", "150"))


@pytest.mark.parametrize("name", READERS)
def test_that_damaged_inputs_are_read_or_refused_with_a_reason(name: str) -> None:
    assert run(READERS[name], range(1_000_000, 1_000_000 + N)) == []


@pytest.mark.parametrize("name", LIBRARIES)
def test_that_libraries_do_no_harm_on_damaged_inputs(name: str) -> None:
    assert run(LIBRARIES[name], range(1_000_000, 1_000_000 + N // 10)) == []


EVERY = READERS | LIBRARIES


@pytest.mark.parametrize("name", EVERY)
def test_that_the_good_inputs_are_read(name: str) -> None:
    for seed in EVERY[name].seeds():
        EVERY[name].read(seed)


def test_that_a_library_that_ends_the_process_of_readers_is_a_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = foreign.AseWorker()
    monkeypatch.setattr(foreign, "_worker", worker)
    monkeypatch.setattr(foreign, "SECONDS", 0.0)
    with pytest.raises(Wrong, match="too long"):
        through("input.cif", "cif")(LIBRARIES["cif"].seeds()[0])
    worker.stop()


def test_that_the_fuzzer_sees_what_goes_wrong() -> None:
    def wrong(_content: bytes) -> None:
        raise KeyError("D")

    assert "KeyError" in fault_of(Reader("wrong", wrong, lambda: [b"x"]), b"x")
    assert len(run(Reader("wrong", wrong, lambda: [b"some text 12 34\n"]), range(5))) == 5
