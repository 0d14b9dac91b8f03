"""Fresh inputs are read as demanded; and what is not as demanded is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.conftest import REPOSITORY
from tests.nightly.fresh import CASES
from tests.nightly.fresh.case import Case, text, wrong

GOOD = {"status": "ok", "good_frames": 3, "problems": [], "seconds": 0.1, "rss_mb": 1}
CASE = Case("a.xyz", "trajectory", "three frames", text("1\n\nHe 0 0 0\n" * 3), good=3)

SPOILED = """
import os, sys, time
from tests.nightly.fresh import running
from tests.io.test_fresh import CASE, GOOD
deeds = {
    "abort": os.abort,
    "hang": lambda: time.sleep(9),
    "run": lambda: os.system("true"),
    "raise": lambda: 1 / 0,
    "good": lambda: None,
}
running.HANG_S = 2
def probed(case, path):
    deeds[sys.argv[1]]()
    return dict(GOOD)
running.probed = probed
print(running.judged(CASE))
"""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks for each input")


@needs_fork
def test_that_every_fresh_input_is_read_as_demanded() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.nightly.fresh.running"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.stdout, f"ended with {done.returncode}: {done.stderr[-2000:]}"
    found = json.loads(done.stdout)
    assert found["faults"] == []
    assert found["n"] == len(CASES) >= 70


@needs_fork
@pytest.mark.parametrize(
    ("deed", "said"),
    [("abort", "crash: signal 6"), ("hang", "hang"), ("run", "executed: os.system"),
     ("raise", "crash: ZeroDivisionError"), ("good", "[]")],
)  # fmt: skip
def test_that_a_reader_that_misbehaves_is_found(deed: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPOILED, deed],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    assert said in done.stdout


def test_that_an_answer_is_judged_by_each_demand() -> None:
    said = {"file": "a.xyz", "message": "a.xyz: frame 2: Traceback"}
    assert list(wrong(CASE, GOOD)) == []
    for answer, why in (
        (GOOD | {"status": "error"}, "status error"),
        (GOOD | {"good_frames": 2}, "2 good"),
        (GOOD | {"problems": [said]}, "tells 'Traceback'"),
        (GOOD | {"problems": [{"message": "bad"}]}, "does not name the file"),
        (GOOD | {"seconds": 99}, "took 99 s"),
        (GOOD | {"rss_mb": 9999}, "took 9999 MB"),
    ):
        assert any(why in one for one in wrong(CASE, answer)), why
    asked = replace(CASE, told=True, said=("frame 2",), check=lambda _answer: False)
    assert len(list(wrong(asked, GOOD))) == 3
    assert any("tells" in one for one in wrong(replace(CASE, quiet=True), GOOD | {"problems": [
        {"message": "a.xyz: odd"}]}))  # fmt: skip


def test_that_each_input_has_its_own_name_and_a_demand() -> None:
    assert len({one.name for one in CASES}) == len(CASES)
    assert all(one.demand[0] in "RSD" for one in CASES)
