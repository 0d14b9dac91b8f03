"""Threads that begin late, as they do now and then on a busy machine: what is asked first is then
often answered last. `MLIPVIEWER_LATE=SEED ./test` looks for what depends on their order."""

from __future__ import annotations

import random
import threading
from time import sleep  # tests put others in the place of time.sleep

MOST_S, SHARE = 0.15, 0.5


def begin_late(seed: int) -> None:
    """Half of all threads that are begun from now on wait at random before they work."""
    chance, run = random.Random(seed), threading.Thread.run

    def late(thread: threading.Thread) -> None:
        if chance.random() < SHARE:
            sleep(chance.random() * MOST_S)
        run(thread)

    threading.Thread.run = late  # type: ignore[method-assign]
