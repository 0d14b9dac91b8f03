"""`./test nightly report [VERSION]`: what a version was found to do, as rows of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.nightly.driving import Standing, standings
from tests.nightly.goals import GOALS
from tests.nightly.lines import lines

ABOUT = {"goal", "date", "version", "command", "from", "seconds", "cpu_s", "n_faults", "faults"}
GREATEST = {"slowest_s", "most_stray", "n_files"}  # of all pieces; other numbers are added up
TOLD = 3  # faults that are told by their words


def report(path: Path, version: str) -> Iterator[str]:
    """A row for each goal: when, by which command, how much of its column, figures, faults."""
    yield f"| goal | date, of `{version}` | command | done | figures | processor, h | faults |"
    yield "|---|---|---|---|---|---|---|"
    every = [one for one in lines(path) if one.get("version") == version]
    for standing in standings(path, version):
        yield row(standing, [one for one in every if one["goal"] == standing.name])


def row(standing: Standing, own: list[dict[str, Any]]) -> str:
    """Of one goal, by its lines."""
    name = standing.name
    if not own:
        return f"| {name} | not run | `./test nightly {name}` | | | | |"
    days = sorted({str(one["date"])[:10] for one in own})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    pieces = f" in {len(own)} pieces" if len(own) > 1 else ""
    column = GOALS[name].column
    done = f"{standing.done}" + (f" of {column}" if column > 1 else "")
    hours = f"{standing.cpu_s / 3600:.2f}"
    command = f"`./test nightly {name}`{pieces}"
    return f"| {name} | {when} | {command} | {done} | {figures(own)} | {hours} | {faults(own)} |"


def figures(own: list[dict[str, Any]]) -> str:
    """What the lines found beside faults."""
    found: dict[str, Any] = {}
    for one in own:
        for key in one.keys() - ABOUT - {"n"}:
            found[key] = _joined(key, found.get(key), one[key])
    told = {key: value for key, value in sorted(found.items()) if value not in (None, [], {})}
    return ", ".join(f"{key} {_said(value)}" for key, value in told.items())


def _joined(key: str, before: Any, value: Any) -> Any:
    if not isinstance(before, int | float) or not isinstance(value, int | float):
        return value
    return max(before, value) if key in GREATEST else before + value


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key} {_said(one)}" for key, one in value.items()) + ")"
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else f"{value}"


def faults(own: list[dict[str, Any]]) -> str:
    n = sum(one["n_faults"] for one in own)
    if not n:
        return "0"
    words = [text.replace("|", "/").replace("\n", " ") for one in own for text in one["faults"]]
    more = f"; and {n - TOLD} more" if n > TOLD else ""
    return f"**{n}**: {'; '.join(words[:TOLD])}{more}"
