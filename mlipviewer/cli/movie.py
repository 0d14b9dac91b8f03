"""`mlipviewer movie SESSION --out FILE`: what the 3D view of a session shows, frame by frame."""

from __future__ import annotations

import argparse
import json
import os
import signal
from importlib import import_module
from pathlib import Path

from mlipviewer.cli.codes import DONE, BadInput


def movie(words: list[str]) -> int:
    """Make a movie without a window. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="mlipviewer movie")
    parser.add_argument("session", metavar="SESSION")
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help=".mp4 .mov .mkv .webm .gif, or a folder for PNG files",
    )
    parser.add_argument("--frames", default="", metavar="A:B:C", help="else the played range")
    parser.add_argument("--fps", type=float, default=25.0, metavar="N")
    parser.add_argument("--size", default="1280x720", metavar="WxH")
    parser.add_argument("--turn", type=float, default=0.0, metavar="DEGREES", help="in all")
    parser.add_argument(
        "--keys", action="store_true", help="along the key views of the session, in their time"
    )
    parser.add_argument("--quality", choices=("high", "medium", "small"), default="high")
    parser.add_argument("--trust", action="store_true", help="let it open what it names anywhere")
    parser.add_argument("--progress", action="store_true", help="a line of JSON a picture")
    given = parser.parse_args(words)
    width, _, height = given.size.partition("x")
    if not (
        width.isdecimal()
        and height.isdecimal()
        and 16 <= int(width) <= 8192
        and 16 <= int(height) <= 8192
    ):
        parser.error("--size is like 1280x720")
    if not 0.1 <= given.fps <= 240:
        parser.error("--fps is 0.1 to 240")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    film = import_module("mlipviewer.app.figures.film")
    frames = (given.fps, given.frames, given.turn, given.quality, given.keys)
    how = film.Shooting(int(width), int(height), *frames)

    def told(done: int, total: int) -> None:
        if given.progress:
            print(json.dumps({"done": done, "total": total}), flush=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing is left half done
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.io.movies import MovieProblem

    try:
        n = film.shoot(Path(given.session).absolute(), Path(given.out), how, told, given.trust)
    except (MovieProblem, ReadProblem, OSError) as problem:
        raise BadInput(str(problem)) from None
    print(f"{given.out}: {n} pictures")
    return DONE
