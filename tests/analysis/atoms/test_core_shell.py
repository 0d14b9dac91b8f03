"""Composition by shell, depth, radius and facet of particles made for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis.atoms.core_shell import ANALYSIS, CoreShellParams
from mlipviewer.analysis.frames.surface import SurfaceParams
from mlipviewer.analysis.frames.surface import run as surface
from mlipviewer.core.analysis import Result
from mlipviewer.core.plot import Bars, Plot
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame
from tests import alloys


def core_and_shell() -> Frame:
    """Copper within two shells of platinum; the square facets are of gold."""
    frame = alloys.octahedron(9, 3)
    found = surface(frame, SurfaceParams()).columns
    numbers = np.where(found["shell"] <= 2, alloys.PT, alloys.CU)
    numbers[found["facet"] == 2] = alloys.AU
    return replace(frame, numbers=numbers)


def ran(*of: Frame, **params: object) -> Result:
    asked = CoreShellParams(**params)  # type: ignore[arg-type]
    return ANALYSIS.run(alloys.inputs(*of), asked, Progress())


def drawn(result: Result, plot: str, frame: Frame) -> Plot:
    return ANALYSIS.plots[plot](alloys.inputs(frame), CoreShellParams(), result)


def cells(result: Result, table: str, line: object) -> dict[str, tuple[float, float]]:
    columns = result.tables[table]
    first = next(iter(columns))
    return {
        element: (count, share)
        for place, element, count, share in zip(
            *(columns[n] for n in (first, "element", "count", "share")), strict=True
        )
        if place == line
    }


def test_that_shells_and_facets_hold_what_was_put_there() -> None:
    frame = core_and_shell()
    result = ran(frame)
    found = surface(frame, SurfaceParams()).columns
    first = cells(result, "shells", 1)
    n_gold, n_surface = int((found["facet"] == 2).sum()), int((found["shell"] == 1).sum())
    assert first["Au"] == (n_gold, pytest.approx(n_gold / n_surface))
    assert first["Cu"] == (0, 0)
    assert cells(result, "shells", 2)["Pt"][1] == 1.0
    assert all(cells(result, "shells", s)["Cu"][1] == 1.0 for s in range(3, 6))
    assert cells(result, "facets", "{100}") == {
        "Au": (n_gold, 1.0), "Cu": (0, 0), "Pt": (0, 0),
    }  # fmt: skip
    assert cells(result, "facets", "{111}")["Pt"][1] == 1.0
    assert result.summary["n_surface"] == n_surface
    assert result.summary["Cu_surface"] == 0.0
    total = sum(result.tables["shells"]["count"])
    assert total == frame.n_atoms == sum(result.tables["radius"]["count"])
    assert result.summary["Cu_all"] == pytest.approx((frame.numbers == alloys.CU).mean())


def test_that_profiles_turn_from_shell_to_core() -> None:
    result = ran(core_and_shell(), bin=1.0)
    depth, radius = result.tables["depth"], result.tables["radius"]
    own = [i for i, e in enumerate(depth["element"]) if e == "Cu"]
    shares = [depth["share"][i] for i in own if np.isfinite(depth["share"][i])]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    own = [i for i, e in enumerate(radius["element"]) if e == "Cu"]
    shares = [radius["share"][i] for i in own if np.isfinite(radius["share"][i])]
    assert (shares[0], shares[-1]) == (1.0, 0.0)


def test_that_frames_are_averaged_and_told_one_by_one() -> None:
    frame = core_and_shell()
    turned_out = replace(
        frame, numbers=np.where(frame.numbers == alloys.CU, alloys.PT, alloys.CU), index=1
    )
    result = ran(frame, turned_out)
    assert result.tables["frames"]["Cu_surface"] == [0.0, 1.0]
    assert cells(result, "shells", 3)["Cu"][1] == pytest.approx(0.5)


def test_that_bars_stand_for_their_atoms() -> None:
    frame = core_and_shell()
    result = ran(frame)
    (bars,) = drawn(result, "Facets", frame).marks
    assert isinstance(bars, Bars)
    chosen = np.concatenate(bars.rows)
    found = surface(frame, SurfaceParams()).columns
    assert sorted(chosen) == np.flatnonzero(found["facet"] > 0).tolist()
    gold = [rows for rows, n in zip(bars.rows, bars.labels, strict=True) if "% Au" in n]
    assert sorted(np.concatenate(gold)) == np.flatnonzero(frame.numbers == alloys.AU).tolist()


def test_that_a_crystal_without_a_surface_is_told() -> None:
    frame = alloys.ordered("L1_0")
    result = ran(frame)
    assert result.notes
    assert result.summary["n_surface"] == 0
    assert result.summary["Cu_surface"] is None
    for plot in ("Shells", "Depth", "Facets", "Surface over frames"):
        assert "no surface" in drawn(result, plot, frame).empty
    assert not drawn(result, "Radius", frame).empty


def test_that_names_and_orientation_change_nothing() -> None:
    frame = core_and_shell()
    plain = ran(frame).tables["shells"]
    other = alloys.turned(frame, 4)
    assert ran(other).tables["shells"] == plain
    renamed = np.where(frame.numbers == alloys.CU, alloys.CO, frame.numbers)
    named = ran(replace(frame, numbers=renamed)).tables["shells"]
    assert by_place(named) == {
        (shell, {"Cu": "Co"}.get(element, element)): count
        for (shell, element), count in by_place(plain).items()
    }


def by_place(table: Mapping[str, Sequence[Any]]) -> dict[tuple[int, str], float]:
    lines = zip(table["shell"], table["element"], table["count"], strict=True)
    return {(shell, element): count for shell, element, count in lines}
