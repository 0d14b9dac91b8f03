"""`python -m tests.bench [PART ...]` prints the figures as JSON; a part is a file beside this."""

from __future__ import annotations

import json
import os
import platform
import sys
import traceback
from importlib import import_module
from typing import Any

PARTS = (
    "start",
    "gaps",
    "tables",
    "reading",
    "atoms",
    "background",
    "scene",
    "window",
    "campaign",
    "movie",
)


def main(parts: list[str]) -> int:
    found: dict[str, Any] = {
        "machine": {
            "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2),
            "python": platform.python_version(),
        }
    }
    failed = False
    for part in parts or PARTS:
        print(f"{part} ...", file=sys.stderr, flush=True)
        try:
            found[part] = import_module(f"tests.bench.{part}").measure()
        except Exception:  # noqa: BLE001 (the other parts are still measured)
            found[part] = {"failed": traceback.format_exc().splitlines()[-1]}
            failed = True
    print(json.dumps(found, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
