"""`python -m tests.fuzz [N] [READER ...]`: N damaged inputs for each reader, as JSON.

A find is an error other than ReadProblem, a damaged frame given as good, more than 1 s (+ 1 s for
each MB), or more than 256 MB. Input k is the same each time: run(reader, [k]) shows it again.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import warnings
from collections.abc import Iterable
from typing import Any

from mlipviewer.core.problem import ReadProblem
from tests.conftest import REPOSITORY
from tests.fuzz.libraries import LIBRARIES
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import READERS, Reader

EVERY = READERS | LIBRARIES
MOST_MEMORY = 256  # MB
SHOWN = 20


def run(reader: Reader, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """What was found, by number of input."""
    seeds, finds, peak = reader.seeds(), list[dict[str, Any]](), None
    for number in numbers:
        content = mutated(number, seeds, reader.binary)
        begin = time.process_time()
        fault = fault_of(reader, content)
        seconds, now = time.process_time() - begin, peak_memory()
        if not fault and seconds > 1 + len(content) / 1e6:
            fault = f"took {seconds:.1f} s"
        if not fault and peak is not None and now - peak > MOST_MEMORY:
            fault = f"took {now - peak} MB"
        peak = now
        if fault:
            shown = base64.b64encode(content[:2000]).decode()
            finds.append({"number": number, "fault": fault, "input": shown})
    return finds


def fault_of(reader: Reader, content: bytes) -> str:
    """What is wrong with how an input was read; '' where nothing is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reader.read(content)
    except ReadProblem as problem:
        return "" if str(problem) else "a problem without a word"
    except Exception as error:  # noqa: BLE001 (that is what is looked for)
        trace, last = error.__traceback__, ""
        while trace is not None:
            last = f"{_place(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
            trace = trace.tb_next
        return f"{type(error).__name__}: {str(error)[:200]} ({last})"
    return ""


def _place(file: str) -> str:
    """From the root of the project, or of what is installed."""
    return file.removeprefix(f"{REPOSITORY}{os.sep}").rpartition(f"site-packages{os.sep}")[2]


def peak_memory() -> int:
    """The most memory this process has had, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main(words: list[str]) -> int:
    n = int(words[0]) if words and words[0].isdigit() else 1000
    names = [word for word in words if not word.isdigit()] or list(EVERY)
    answer: dict[str, Any] = {}
    for name in names:
        begin = time.process_time()
        finds = run(EVERY[name], range(n))
        seconds = round(time.process_time() - begin, 1)
        answer[name] = {"n": n, "seconds": seconds, "n_finds": len(finds), "finds": finds[:SHOWN]}
        print(f"{name}: {len(finds)} finds of {n}", file=sys.stderr, flush=True)
    print(json.dumps(answer, indent=1))
    return 1 if any(one["n_finds"] for one in answer.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
