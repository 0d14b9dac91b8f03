"""Damaged inputs for every own reader: a few for each change, many by `./test fuzz`."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.__main__ import fault_of, run
from tests.fuzz.readers import READERS, Reader

N = int(os.environ.get("MLIPVIEWER_FUZZ", "150"))


@pytest.mark.parametrize("name", READERS)
def test_that_damaged_inputs_are_read_or_refused_with_a_reason(name: str) -> None:
    assert run(READERS[name], range(1_000_000, 1_000_000 + N)) == []


@pytest.mark.parametrize("name", READERS)
def test_that_the_good_inputs_are_read(name: str) -> None:
    for seed in READERS[name].seeds():
        READERS[name].read(seed)


def test_that_the_fuzzer_sees_what_goes_wrong() -> None:
    def wrong(_content: bytes) -> None:
        raise KeyError("D")

    assert "KeyError" in fault_of(Reader("wrong", wrong, lambda: [b"x"]), b"x")
    assert len(run(Reader("wrong", wrong, lambda: [b"some text 12 34\n"]), range(5))) == 5
