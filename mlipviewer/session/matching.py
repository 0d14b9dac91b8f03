"""Keeps the answers to conditions up to date: small ones at once, large ones by jobs."""

from __future__ import annotations

from functools import partial
from typing import Any

from mlipviewer.core.progress import Progress
from mlipviewer.session.conditions import Ground, ground_of, match, same_key, wanted_conditions
from mlipviewer.session.jobs import Jobs
from mlipviewer.session.state import Condition, Match, State, frozen

AT_ONCE = 30_000
"""Rows up to which a condition is answered at once."""


class Matcher:
    """Begins and stops the jobs that answer conditions."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._asked: dict[Condition, tuple[int, tuple[object, ...]]] = {}

    def complete(self, state: State, landings: dict[int, Any]) -> State:
        """The state with all answers that can be had at once; the others are begun. A stale
        answer stays until the new one is there."""
        wanted, old = wanted_conditions(state), state.moment.matches
        self._stop_others(wanted)
        found: dict[Condition, Match] = {}
        for condition in wanted:
            ground = ground_of(state, condition.space, condition.owner)
            known = old.get(condition)
            if known is not None:
                found[condition] = known
            if ground is None or (known is not None and same_key(known.ground, ground.key)):
                continue
            if ground.n <= AT_ONCE:
                found[condition] = match(condition, ground)
            else:
                self._ask(condition, ground, landings)
        same = found.keys() == old.keys() and all(found[c] is old[c] for c in found)
        return state if same else state.with_moment(matches=frozen(found))

    def begin(self) -> None:
        """Forget all of the session before."""
        self._asked.clear()

    def _stop_others(self, wanted: tuple[Condition, ...]) -> None:
        for condition, (number, _) in tuple(self._asked.items()):
            if condition not in wanted:
                self._jobs.stop(number)
                del self._asked[condition]

    def _ask(self, condition: Condition, ground: Ground, landings: dict[int, Any]) -> None:
        asked = self._asked.get(condition)
        if asked is not None and same_key(asked[1], ground.key):
            return
        if asked is not None:
            self._jobs.stop(asked[0])

        def work(_progress: Progress) -> Match:
            return match(condition, ground)

        number = self._jobs.start("Find atoms", work)
        self._asked[condition] = (number, ground.key)
        landings[number] = ("Find atoms", partial(self._land, number=number, condition=condition))

    def _land(self, state: State, found: Match, number: int, condition: Condition) -> State:
        asked = self._asked.get(condition)
        if asked is None or asked[0] != number:
            return state  # nobody asks for it any more, or anew of something else
        del self._asked[condition]
        return state.with_moment(matches=frozen({**state.moment.matches, condition: found}))
