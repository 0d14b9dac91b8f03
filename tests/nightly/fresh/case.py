"""What a fresh input is, and how an answer to it is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Answer = Mapping[str, Any]
MOST_SECONDS = 10.0
MOST_MB = 1024
LEFT = ("Traceback", "object at 0x", "Errno")


@dataclass(frozen=True)
class Case:
    """A file by its name and how it is made; what is demanded in words, then for the judge.

    `kind`: trajectory, table or session. `good`: usable frames, rows or inputs, exactly, or one of
    several numbers where the rules leave it open. `said`: words (any case) in what is told of it;
    `told`: something must be told; `quiet`: nothing may be. `library`: other libraries read it."""

    name: str
    kind: str
    demand: str
    make: Callable[[Path], object]
    good: int | tuple[int, ...] | None = None
    statuses: tuple[str, ...] = ("ok",)
    said: tuple[str, ...] = ()
    told: bool = False
    quiet: bool = False
    check: Callable[[Answer], object] | None = None
    library: bool = False


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content.encode())


def data(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def wrong(case: Case, answer: Answer) -> Iterator[str]:
    """How an answer fails the demand."""
    problems = answer.get("problems", [])
    spoken = json.dumps(problems, ensure_ascii=False)
    if answer["status"] not in case.statuses:
        yield f"status {answer['status']}, not {' or '.join(case.statuses)}: {spoken[:200]}"
    known = (case.good,) if isinstance(case.good, int) else case.good
    if known is not None and answer["good_frames"] not in known:
        yield f"{answer['good_frames']} good, not {known}: {spoken[:200]}"
    yield from (f"does not say {word!r}: {spoken[:200]}" for word in _unsaid(case, spoken))
    if case.told and not problems:
        yield "nothing is told"
    if case.quiet and problems:
        yield f"tells {spoken[:200]}"
    if problems and case.name not in spoken:
        yield "does not name the file"
    yield from (f"tells {word!r}" for word in LEFT if word in spoken)
    if case.check is not None and not _holds(case.check, answer):
        yield f"not as demanded: {json.dumps(answer)[:300]}"
    if answer["seconds"] > MOST_SECONDS:
        yield f"took {answer['seconds']} s"
    if answer["rss_mb"] > MOST_MB:
        yield f"took {answer['rss_mb']} MB"


def _holds(check: Callable[[Answer], object], answer: Answer) -> bool:
    """What an answer lacks, as one of an error does, does not hold."""
    try:
        return bool(check(answer))
    except (KeyError, IndexError, TypeError):
        return False


def _unsaid(case: Case, spoken: str) -> Iterator[str]:
    return (word for word in case.said if word.lower() not in spoken.lower())
