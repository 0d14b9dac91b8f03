"""`mlipviewer snapshot SESSION --out page.html`: a page for supplementary material."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mlipviewer.cli.codes import DONE, BadInput, one_line


def snapshot(words: list[str]) -> int:
    """Write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="mlipviewer snapshot",
        description="One HTML file with the table, the plots and some frames, linked by selection.",
    )
    parser.add_argument("session", metavar="SESSION")
    parser.add_argument("--out", required=True, metavar="FILE.html")
    parser.add_argument("--title", default="", help="else the name of the session")
    parser.add_argument("--trust", action="store_true", help="let it open what it names anywhere")
    given = parser.parse_args(words)
    if Path(given.out).suffix.lower() not in (".html", ".htm"):
        parser.error(f"--out {given.out}: the page is a .html file")
    from mlipviewer.api.snapshot import snapshot as write
    from mlipviewer.core.problem import ReadProblem

    try:
        missing = write(given.session, given.out, title=given.title, trust=given.trust)
    except (ReadProblem, OSError) as problem:
        raise BadInput(one_line(problem)) from None
    for reason in missing:
        print(f"left out: {reason}", file=sys.stderr)
    print(f"{given.out}: {Path(given.out).stat().st_size / 1e6:.1f} MB")
    return DONE
