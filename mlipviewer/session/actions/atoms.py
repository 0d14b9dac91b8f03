"""What the user can do with atoms, once each: for the menu, the keys and the palette."""

from __future__ import annotations

from mlipviewer.core.measuring import measures_of
from mlipviewer.core.plot import Space
from mlipviewer.session import atom_changes, measure_changes, set_changes
from mlipviewer.session.actions.action import Action, Where
from mlipviewer.session.state import State
from mlipviewer.session.traces import show_sites, sites_found, trace_selected


def _needs_frame(state: State) -> str:
    return "" if atom_changes.shown_frame(state) is not None else "no atoms are shown"


def _needs_atoms(state: State) -> str:
    return "" if len(state.selected(Space.ATOM)) else "no atom is selected"


def _needs_hidden(state: State) -> str:
    return "" if state.document.trajectory in state.document.visible else "no atom is hidden"


def _needs_measurable(state: State) -> str:
    possible = measures_of(len(state.selected(Space.ATOM)))
    return "" if possible else "select the atoms to be measured: two for a distance, three ..."


def _needs_traceable(state: State) -> str:
    return "" if state.document.traces is not None else _needs_atoms(state)


def _needs_sites(state: State) -> str:
    found = sites_found(state, state.document.trajectory or "")
    return "" if found is not None else "no open panel finds sites (Analyse > Hops between sites)"


def _needs_models(state: State) -> str:
    return "" if len(state.selected(Space.MODEL)) else "no model is selected"


def _needs_some_frames(state: State) -> str:
    return "" if len(state.selected(Space.FRAME)) else "no frames are selected"


def _select_species(state: State) -> State:
    owner = state.document.trajectory or ""
    return atom_changes.select_alike(state, owner, state.selected(Space.ATOM))


def _save(space: Space) -> Action:
    needs = {Space.ATOM: _needs_atoms, Space.MODEL: _needs_models, Space.FRAME: _needs_some_frames}
    return Action(
        f"sets.{space}",
        f"Save selected {space}s as a set",
        "Select",
        lambda s: set_changes.save_selection(s, space),
        (),
        needs[space],
    )


ATOM_ACTIONS: tuple[Action, ...] = (
    Action(
        "atoms.find",
        "Find atoms ...",
        "Atoms",
        lambda s: atom_changes.seek(s, s.moment.sought or ""),
        ("Ctrl+F",),
        _needs_frame,
        Where.ATOMS,
    ),
    Action(
        "atoms.all",
        "Select all atoms",
        "Atoms",
        atom_changes.select_all_atoms,
        ("Ctrl+A",),
        _needs_frame,
        Where.ATOMS,
    ),
    Action(
        "atoms.invert",
        "Invert selected atoms",
        "Atoms",
        atom_changes.invert_atoms,
        ("Ctrl+Shift+I",),
        _needs_frame,
        Where.ATOMS,
    ),
    Action("atoms.species", "Select whole species", "Atoms", _select_species, (), _needs_atoms),
    Action(
        "atoms.grow",
        "Grow by neighbours within the reach",
        "Atoms",
        atom_changes.grow_within,
        (),
        _needs_atoms,
    ),
    Action("atoms.bonded", "Grow by bonds", "Atoms", atom_changes.grow_bonded, (), _needs_atoms),
    Action(
        "atoms.cluster",
        "Select whole clusters (bonds)",
        "Atoms",
        atom_changes.grow_clusters,
        (),
        _needs_atoms,
    ),
    Action(
        "atoms.close",
        "Select whole clusters (reach)",
        "Atoms",
        atom_changes.grow_close,
        (),
        _needs_atoms,
    ),
    Action(
        "atoms.hide",
        "Hide selected atoms",
        "Atoms",
        atom_changes.hide_atoms,
        ("H",),
        _needs_atoms,
        Where.ATOMS,
    ),
    Action(
        "atoms.isolate",
        "Show selected atoms alone",
        "Atoms",
        atom_changes.isolate_atoms,
        ("I",),
        _needs_atoms,
        Where.ATOMS,
    ),
    Action(
        "atoms.show",
        "Show all atoms",
        "Atoms",
        atom_changes.show_all_atoms,
        ("Shift+H",),
        _needs_hidden,
        Where.ATOMS,
    ),
    Action(
        "atoms.dim",
        "Dim atoms that are not selected",
        "Atoms",
        lambda s: atom_changes.dim_others(s, not s.document.dimmed),
    ),
    Action(
        "atoms.follow",
        "Follow the selected atom / stop",
        "Atoms",
        atom_changes.follow_selected,
        (),
        _needs_atoms,
    ),
    Action(
        "atoms.trace",
        "Trace selected atoms / stop",
        "Atoms",
        trace_selected,
        (),
        _needs_traceable,
    ),
    Action(
        "atoms.sites",
        "Show sites and ways of hops / hide",
        "Atoms",
        lambda s: show_sites(s, not s.document.sites_drawn),
        (),
        _needs_sites,
    ),
    Action(
        "atoms.measure",
        "Measure selected atoms",
        "Atoms",
        measure_changes.measure_selected,
        ("M",),
        _needs_measurable,
        Where.ATOMS,
    ),
    _save(Space.ATOM),
    _save(Space.MODEL),
    _save(Space.FRAME),
)
