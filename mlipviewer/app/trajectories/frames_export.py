"""Asks which frames, atoms and columns are to be exported, and has them written by a job."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mlipviewer.app.export_tabs import FRAMES, ExportTabs
from mlipviewer.app.file_dialogs import DATA, ask_save
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.io.trajectories.frame_formats import FORMATS, FrameFormat
from mlipviewer.session.commands.frame_converting import Wanted, write_frames
from mlipviewer.session.computing import with_columns
from mlipviewer.session.landing import add_notice
from mlipviewer.session.session import Session
from mlipviewer.session.state import Errand, Notice, State, Weight
from mlipviewer.session.store import Store

LAST = "frames.format"


def ask_frames(
    parent: QWidget, store: Store, session: Session, tabs: ExportTabs | None = None
) -> None:
    """The dialog about the shown trajectory."""
    from mlipviewer.app.trajectories.frames_dialog import FramesDialog, Offered

    state = store.state
    trajectory, frame = state.trajectory, state.moment.frames.get(state.document.trajectory or "")
    if trajectory is None or frame is None:
        session.notify("No frame of a trajectory is shown.", Weight.WARNING)
        return
    offered = Offered(
        with_columns(trajectory, state.document.computed),
        frame,
        state.frame,
        state.selected(Space.FRAME),
        state.selected(Space.ATOM),
        state.document.visible.get(trajectory.name),
    )
    taken = partial(_taken, parent, store, offered.trajectory)
    dialog = FramesDialog(offered, settings_in_use.now.text(LAST), taken, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if tabs is not None:
        tabs.add_to(dialog, FRAMES)
    dialog.open()


def _taken(
    parent: QWidget, store: Store, trajectory: Trajectory, kind: FrameFormat, wanted: Wanted
) -> None:
    settings_in_use.set(LAST, kind.title)
    stem = Path(trajectory.name).name.partition(".")[0] or "frames"
    patterns = " ".join(f"*{suffix}" for suffix in kind.suffixes)
    others = ";;".join(
        f"{one.title} ({' '.join(f'*{suffix}' for suffix in one.suffixes)})"
        for one in FORMATS
        if one is not kind and not (one.single and not kind.single)
    )
    kinds, name = f"{kind.title} ({patterns});;{others}", f"{stem}{kind.suffixes[0]}"
    path = ask_save(parent, "Export frames", DATA, name, kinds)
    if path is not None:
        store.commit(lambda s: export_frames(s, trajectory, path, wanted), f"Frames {path.name}")


def export_frames(state: State, trajectory: Trajectory, path: Path, wanted: Wanted) -> State:
    """Have frames written by a job."""

    def land(state: State, written: tuple[int, int]) -> State:
        frames, atoms = written
        many = "frame" if frames == 1 else "frames"
        return add_notice(state, Notice(f"Written: {path} ({frames:,} {many}, {atoms:,} atoms)"))

    errand = Errand(f"Frames {path.name}", partial(_write, trajectory, path, wanted), land)
    return state.with_moment(errands=(*state.moment.errands, errand))


def _write(
    trajectory: Trajectory, path: Path, wanted: Wanted, progress: Progress
) -> tuple[int, int]:
    """Raises ValueError with one sentence, Cancelled."""
    try:
        return write_frames(trajectory, path, wanted, {}, progress)
    except (OSError, ReadProblem, QueryProblem, AnalysisProblem) as problem:
        raise ValueError(f"{path.name} was not written: {problem}") from problem
