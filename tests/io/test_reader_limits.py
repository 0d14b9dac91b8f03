"""Rule R1: no input takes a reader out of its limits of memory and time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.fuzz.__main__ import EVERY

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_CPU, (120, resource.RLIM_INFINITY))
from tests.fuzz.__main__ import main
sys.exit(main(["12"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are kept by Linux")
def test_that_r1_each_reader_keeps_within_limits_of_memory_and_time() -> None:
    """Each finds: more than 1 s and 1 s for each MB of a processor, or 256 MB more."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    found = json.loads(done.stdout)
    assert set(found) == set(EVERY)
    assert [name for name, one in found.items() if one["n_finds"]] == []
