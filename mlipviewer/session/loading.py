"""The inputs that are being read: by which jobs, and as they were meant when these began."""

from __future__ import annotations

from functools import partial
from typing import Any

from mlipviewer.session.growth import Growth
from mlipviewer.session.inputs import Input
from mlipviewer.session.jobs import Jobs
from mlipviewer.session.landing import land_loaded
from mlipviewer.session.opening import open_input
from mlipviewer.session.state import Failure, State, frozen
from mlipviewer.session.wanted import is_read, wanted_inputs


class Loading:
    """Begins the jobs that read what is shown, each input once at a time."""

    def __init__(self, jobs: Jobs, growth: Growth) -> None:
        self._jobs, self._growth = jobs, growth
        self._under_way: dict[str, tuple[int, Input]] = {}

    def begin(self) -> None:
        """Forget all of the session before."""
        self._under_way.clear()

    def load_wanted(self, state: State, landings: dict[int, Any]) -> None:
        """Read what is wanted and not there as it is meant."""
        for one in wanted_inputs(state):
            read = is_read(state, one) and not self._growth.wants_anew(one.name)
            if read or self._is_coming(one):
                continue
            known = self._growth.known(state, one.name)
            number = self._jobs.start(f"Read {one.name}", partial(open_input, one, known=known))
            self._under_way[one.name] = (number, one)
            landings[number] = (f"Read {one.name}", land_loaded)

    def _is_coming(self, one: Input) -> bool:
        """Whether a job reads it. That of another file which had its name is stopped."""
        if one.name not in self._under_way:
            return False
        number, asked = self._under_way[one.name]
        if asked.source == one.source:
            return True
        self._jobs.stop(number)
        del self._under_way[one.name]
        return False

    def asked(self, number: int) -> Input | None:
        """What a job reads, as it was meant when that began; None where it reads none of these."""
        return next((one for n, one in self._under_way.values() if n == number), None)

    def forget(self, number: int) -> None:
        """The job has ended."""
        self._under_way = {name: by for name, by in self._under_way.items() if by[0] != number}


def not_read(state: State, asked: Input | None, reason: str) -> State:
    """An input could not be read; it is not tried again as long as it means the same."""
    now = state.document.input(asked.name) if asked is not None else None
    if now is None or asked is None or now.meaning != asked.meaning:
        return state
    moment = state.moment
    return state.with_moment(
        failed=frozen({**moment.failed, now.name: Failure(reason)}),
        read_with=frozen({**moment.read_with, now.name: now.meaning}),
    )
