"""What keys do while the timeline has the focus, and everywhere that time is seen."""

from __future__ import annotations

from mlipviewer.session import changes, time_changes
from mlipviewer.session.actions.action import LIVELY, Action, Where, has_frames
from mlipviewer.session.state import State
from mlipviewer.session.store import Change

FAR = 10**9


def _step(by: int) -> Change:
    return lambda state: changes.show_frame(state, state.frame + by)


def _tenth(number: int) -> Change:
    """Go to a tenth of all frames."""

    def change(state: State) -> State:
        if state.trajectory is None:
            return state
        return changes.show_frame(state, round(number / 10 * (state.trajectory.n_frames - 1)))

    return change


def _key(
    name: str, title: str, change: Change, keys: tuple[str, ...], where: Where = Where.TIMELINE
) -> Action:
    return Action(f"time.{name}", title, "", change, keys, has_frames, where, merge="step")


TIMELINE_ACTIONS: tuple[Action, ...] = (
    _key("first.key", "First frame", _step(-FAR), ("Home",), LIVELY),
    _key("last.key", "Last frame", _step(FAR), ("End",), LIVELY),
    _key("step.back", "A frame back", _step(-1), ("Left",)),
    _key("step.on", "A frame on", _step(1), ("Right",)),
    _key("ten.back", "Ten frames back", _step(-10), ("J",)),
    _key("ten.on", "Ten frames on", _step(10), ("L",)),
    *(
        _key(f"tenth.{n}", f"Go to {10 * n} % of the frames", _tenth(n), (str(n),))
        for n in range(10)
    ),
    _key("begin.key", "Begin the played range here", time_changes.begin_range, ("I",)),
    _key("end.key", "End the played range here", time_changes.end_range, ("O",)),
    _key("bookmark.key", "Bookmark this frame", time_changes.toggle_bookmark, ("B",)),
)
