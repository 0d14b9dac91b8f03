"""The whole state of one window, frozen: the Document (saved, undone) and the Moment (neither)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from mlipviewer.core.analysis import Params, Request, Result
from mlipviewer.core.computation import Asked
from mlipviewer.core.file_names import Offer
from mlipviewer.core.links import Link
from mlipviewer.core.measuring import CUTOFF, Measurement
from mlipviewer.core.named_sets import NamedSet
from mlipviewer.core.plot import Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import NONE, Rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.core.visibility import Visibility
from mlipviewer.session.campaigns.seen import Draft, Seen
from mlipviewer.session.figures import FigureLayout
from mlipviewer.session.inputs import Input, Meaning
from mlipviewer.session.key_views import KeyView
from mlipviewer.session.looks import Looks
from mlipviewer.session.playback import Bookmark, Comparison, Pace, Playback

Loaded = ErrorTable | Trajectory


def frozen(mapping: Mapping[Any, Any] | None = None) -> Mapping[Any, Any]:
    return MappingProxyType(dict(mapping or {}))


@dataclass(frozen=True)
class Panel:
    """An open panel: which view, and for plots which analysis, drawn how, with which parameters.

    `follows` ties parameters to the state (session.panels): (("metrics", "axes"),) makes a Pareto
    plot show the document's axes. `on_selection` recomputes on the selected models alone.
    """

    id: str
    view: str
    title: str
    analysis: str = ""
    plot: str = ""
    params: Params | None = None
    follows: tuple[tuple[str, str], ...] = ()
    on_selection: bool = False
    in_table: bool = False  # the table shows what it finds of each model
    logs: tuple[tuple[str, bool], ...] = ()  # axes ("x", "y") whose scale the user chose
    locked: tuple[tuple[float, float], ...] = ()  # what is seen of x and y, whatever is drawn
    trajectory: str = ""  # looked at in place of the shown one
    atoms: tuple[int, ...] = ()  # ids looked at in place of the selected ones


class RangePolicy(StrEnum):
    """What the colours of a column are spread over, where the range is not fixed."""

    FRAME = "this frame"
    ALL = "all frames"
    PERCENTILE = "percentiles 2 to 98"
    SYMMETRIC = "symmetric about 0"


@dataclass(frozen=True)
class Colouring:
    """What colours the atoms: `species`, or a column over a range, evenly or by its logarithm.

    Of vectors a `component` counts, or their norm. A range given by `low` or `high` is fixed;
    else the policy says what it is.
    """

    column: str = "species"
    low: float | None = None
    high: float | None = None
    map: str = "viridis"
    policy: RangePolicy = RangePolicy.FRAME
    log: bool = False
    reverse: bool = False
    component: int | None = None
    own: bool = False  # runs side by side each have the range of their own values
    difference: bool = False  # of runs side by side: the values less those of the first run
    aligned: bool = False  # displacements between runs: without how they lie as a whole


@dataclass(frozen=True)
class Following:
    """An atom (id) that the camera follows, with its path from frame `first` to `last`."""

    owner: str
    atom: int
    first: int
    last: int


@dataclass(frozen=True)
class Traces:
    """Atoms (ids) whose paths from frame `first` to `last` are drawn."""

    owner: str
    atoms: tuple[int, ...]
    first: int
    last: int


@dataclass(frozen=True)
class EventList:
    """Which events are listed, and how: those of a panel ('' for the first that tells some), the
    `number` of the one that was shown last, whether its atoms come with their neighbours."""

    panel: str = ""
    number: int | None = None
    neighbours: bool = False
    of_selected: bool = False  # those of the selected atoms alone
    sort: str = ""  # a column; '' for the order in time
    descending: bool = False


@dataclass(frozen=True)
class Sort:
    column: str
    descending: bool = False


Owner = tuple[Space, str]
"""A selection belongs to a space of one table or trajectory, by the input's name."""


@dataclass(frozen=True, eq=False)
class Document:
    """What is saved and undone. Selections are by identity, see core.rows."""

    inputs: tuple[Input, ...] = ()
    links: tuple[Link, ...] = ()
    links_of_focus: bool = False  # the list of links shows those of the model in focus
    table: str | None = None
    trajectory: str | None = None
    selected: Mapping[Owner, Rows] = field(default_factory=frozen)
    focus: int | None = None  # the row of the table whose details show
    frame: int = 0
    playback: Playback = field(default_factory=Playback)
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=frozen)  # played, first to last
    bookmarks: tuple[Bookmark, ...] = ()
    comparison: Comparison = field(default_factory=Comparison)
    axes: tuple[str, ...] = ()  # the metrics that plots of two or more metrics show
    condition: str = ""  # the filter on models, in the words of core.query
    sorting: tuple[Sort, ...] = ()
    shaded: bool = False  # cells of the table are coloured by their rank
    hidden: frozenset[str] = frozenset()  # columns that the table does not show
    arranged: tuple[str, ...] = ()  # columns in an order of the user's; others follow as usual
    grouped: bool = False  # its metrics stand by category, else as in the file
    computed: tuple[Asked, ...] = ()  # columns of atoms beyond those of the files
    colouring: Colouring = field(default_factory=Colouring)
    further: tuple[Colouring, ...] = ()  # in more panes of the same runs, see session.colourings
    looks: Looks = field(default_factory=Looks)  # how atoms are drawn
    panels: tuple[Panel, ...] = ()
    workspace: str = ""  # whose places the panels have, see session.workspaces
    visible: Mapping[str, Visibility] = field(default_factory=frozen)  # by trajectory
    dimmed: bool = False  # atoms that are not selected step back
    sets: tuple[NamedSet, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    periodic: bool = True  # new measurements take the nearest images
    reach: float = CUTOFF  # A; how far neighbours are looked for
    followed: Following | None = None
    events: EventList = field(default_factory=EventList)
    traces: Traces | None = None
    figures: tuple[FigureLayout, ...] = ()  # composite ones
    key_views: tuple[KeyView, ...] = ()  # of a movie, in the order of time
    sites_drawn: bool = False  # sites of hops, and the ways between them, among the atoms
    campaign: Draft = field(default_factory=Draft)

    def input(self, name: str | None) -> Input | None:
        return next((one for one in self.inputs if one.name == name), None)

    def panel(self, panel_id: str) -> Panel:
        return next(panel for panel in self.panels if panel.id == panel_id)


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Job:
    """A row of the list of running and ended work."""

    number: int
    title: str
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int = 0
    message: str = ""


class Weight(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """One sentence for the user, with details behind it."""

    text: str
    weight: Weight = Weight.INFO
    details: str = ""
    reload: tuple[str, ...] = ()  # inputs that can be read anew
    offer: Offer | None = None  # what could be opened besides
    times: int = 1  # how often it was told, one after the other

    @property
    def said(self) -> str:
        """The sentence; of what is amiss how often it was told."""
        again = self.times > 1 and self.weight is not Weight.INFO
        return f"{self.text} ({self.times} times)" if again else self.text


@dataclass(frozen=True)
class Hover:
    """What the mouse is over."""

    space: Space
    owner: str
    row: int


@dataclass(frozen=True)
class Condition:
    """A condition in words on the rows of a space of one input."""

    space: Space
    owner: str
    text: str


@dataclass(frozen=True, eq=False)
class Match:
    """The rows for which a condition holds, or why it cannot be asked; `ground` is what it was
    asked of (compared by identity)."""

    ground: tuple[object, ...]
    rows: Rows = field(default_factory=lambda: NONE)
    problem: str = ""
    position: int = 0


@dataclass(frozen=True)
class RowNames:
    """What the rows of a table were called of which something speaks."""

    keys: Mapping[int, str] = field(default_factory=frozen)
    metrics: Mapping[int, str] = field(default_factory=frozen)

    def hold(self, table: ErrorTable) -> bool:
        """Whether those that are spoken of are where they were."""
        both = ((self.keys, table.keys), (self.metrics, table.metrics))
        return all(
            row < len(now) and now[row] == name for old, now in both for row, name in old.items()
        )


@dataclass(frozen=True, eq=False)
class Errand:
    """Work that the user asked for and that ends in a change: `land(state, work(progress))`."""

    title: str
    work: Callable[[Progress], Any]
    land: Callable[[State, Any], State]
    prompt: bool = False  # it does not wait for a slot behind longer work


@dataclass(frozen=True)
class Failure:
    """Why a result or an input is not there."""

    reason: str


@dataclass(frozen=True, eq=False)
class Moment:
    """What is neither saved nor undone: what is loaded, computed, running, hovered."""

    loaded: Mapping[str, Loaded] = field(default_factory=frozen)
    read_with: Mapping[str, Meaning] = field(default_factory=frozen)  # what was meant when read
    stages: Mapping[str, tuple[ErrorTable, ...]] = field(default_factory=frozen)
    """Of tables with steps: the table before each of them."""
    failed: Mapping[str, Failure] = field(default_factory=frozen)
    expected: Mapping[str, RowNames] = field(default_factory=frozen)
    """By table that is still to be read, what a session file calls its rows."""
    results: Mapping[Request, Result | Failure] = field(default_factory=frozen)
    frames: Mapping[str, Frame] = field(default_factory=frozen)  # the newest read, by trajectory
    jobs: tuple[Job, ...] = ()
    notices: tuple[Notice, ...] = ()
    references: Mapping[str, tuple[Trajectory, int, Frame]] = field(default_factory=frozen)
    """The frames from which displacements count, by trajectory."""
    ranges: Mapping[tuple[Any, ...], tuple[float, float]] = field(default_factory=frozen)
    """Of columns over all frames, see `session.standing`."""
    alike: Mapping[tuple[Any, ...], Any] = field(default_factory=frozen)
    """Frames of runs that are most like those of others, see `session.standing.alike_key`."""
    hover: Hover | None = None
    colouring: int = 0  # the number of the one that the bar below the atoms is about
    playing: bool = False
    pace: Pace = field(default_factory=Pace)
    sought: str | None = None  # the condition on atoms being typed; None: nothing is sought
    matches: Mapping[Condition, Match] = field(default_factory=frozen)
    errands: tuple[Errand, ...] = ()  # asked for, not yet begun
    campaign: Seen | None = None  # what is known of the draft and of the folder of its campaign
    arrived: object = None  # a session file that was read (session.saving), not yet opened


@dataclass(frozen=True, eq=False)
class State:
    document: Document = field(default_factory=Document)
    moment: Moment = field(default_factory=Moment)

    @property
    def table(self) -> ErrorTable | None:
        """The shown error table, once it is loaded."""
        return self.loaded_table(self.document.table)

    def loaded_table(self, name: str | None) -> ErrorTable | None:
        found = self.moment.loaded.get(name or "")
        return found if isinstance(found, ErrorTable) else None

    @property
    def trajectory(self) -> Trajectory | None:
        return self.loaded_trajectory(self.document.trajectory)

    def loaded_trajectory(self, name: str | None) -> Trajectory | None:
        found = self.moment.loaded.get(name or "")
        return found if isinstance(found, Trajectory) else None

    @property
    def frame(self) -> int:
        """The shown frame of the shown trajectory: the document's, or the last of a shorter one."""
        trajectory, index = self.trajectory, self.document.frame
        return index if trajectory is None else min(index, max(trajectory.n_frames - 1, 0))

    @property
    def focus(self) -> int | None:
        """The row of the table whose details show; None where the table has no such row."""
        table, row = self.table, self.document.focus
        return row if table is not None and row is not None and row < table.n_rows else None

    def owner(self, space: Space) -> str | None:
        """The input whose rows of this space are shown now."""
        of_table = space in (Space.MODEL, Space.METRIC)
        return self.document.table if of_table else self.document.trajectory

    def selected(self, space: Space, owner: str | None = None) -> Rows:
        """The selection of the shown (or the named) owner; the same object until it changes."""
        owner = owner or self.owner(space)
        return self.document.selected.get((space, owner or ""), NONE)

    def hovered(self, space: Space) -> int | None:
        hover = self.moment.hover
        if hover is None or hover.space is not space or hover.owner != self.owner(space):
            return None
        return hover.row

    def with_document(self, **changes: Any) -> State:
        return replace(self, document=replace(self.document, **changes))

    def with_moment(self, **changes: Any) -> State:
        return replace(self, moment=replace(self.moment, **changes))
