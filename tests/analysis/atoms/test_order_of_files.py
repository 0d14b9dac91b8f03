"""Order of the alloys and particles of the data folder. The same structures, made by the tests, are
in test_order.py and test_surface_columns.py, which always run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis.atoms import core_shell, diffraction
from mlipviewer.analysis.atoms.order import ANALYSIS, OrderParams
from mlipviewer.analysis.frames.surface import SurfaceParams
from mlipviewer.analysis.frames.surface import run as surface
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.opening import open_path

ALLOYS = ("alloys/ovito/L12.poscar", "alloys/ovito/B2.poscar")
PARTICLE = "nanoparticles/pdptcoreshellnanoparticles/PdPt_TO.xyz"


def opened(path: Path) -> Trajectory:
    thing = open_path(str(path)).thing
    assert isinstance(thing, Trajectory)
    return thing


def ran(path: Path, **params: object) -> Result:
    asked = OrderParams(**params)  # type: ignore[arg-type]
    return ANALYSIS.run(Inputs(trajectory=opened(path)), asked, Progress())


@pytest.mark.parametrize("name", ALLOYS)
def test_that_ordered_files_are_of_their_structure(shared_data: Path, name: str) -> None:
    result = ran(shared_data / name)
    structure = {"L12": "L1_2", "B2": "B2"}[Path(name).stem]
    assert result.summary["structure"] == structure
    assert result.summary["long_range_order"] == pytest.approx(1.0)
    alpha = np.array(result.tables["warren_cowley"]["alpha"])[1:3]
    assert alpha == pytest.approx([-1 / 3 if structure == "L1_2" else -1] * 2)


def test_that_cells_of_three_elements_are_all_told(shared_data: Path) -> None:
    result = ran(shared_data / "alloys/ptcom/ptcocu.db", families="Pt | Co Cu")
    assert result.summary["n_frames"] == 90
    orders = np.array(result.tables["frames"]["long_range_order"])
    assert orders[0] == pytest.approx(1.0)
    assert ((orders >= 0) & (orders <= 1)).all()
    assert result.summary["entropy_random"] == pytest.approx(1.5 * np.log(2), abs=1e-9)
    assert not result.notes


def test_that_the_particle_of_palladium_in_platinum_is_parted(shared_data: Path) -> None:
    path = shared_data / PARTICLE
    result = ran(path, shells=2)
    assert result.summary["n_atoms"] == 8468
    table = result.tables["warren_cowley"]
    alpha = dict(zip(table["pair"], table["alpha"], strict=True))
    assert alpha["Pd-Pt"] > 0.5
    frame = opened(path).frame(0)
    shells = surface(frame, SurfaceParams()).columns["shell"]
    palladium = frame.numbers == 46
    assert palladium[shells == 1].mean() < 0.1
    assert palladium[shells > 6].mean() > 0.7


def test_that_shells_and_diffraction_of_the_particle_are_told(shared_data: Path) -> None:
    inputs = Inputs(trajectory=opened(shared_data / PARTICLE))
    shells = core_shell.ANALYSIS.run(inputs, core_shell.CoreShellParams(), Progress())
    assert shells.summary["Pd_surface"] < 0.1 < shells.summary["Pd_all"]  # type: ignore[operator]
    asked = diffraction.DiffractionParams(begin=35.0, end=52.0, step=0.1)
    pattern = diffraction.ANALYSIS.run(inputs, asked, Progress())
    angles, curve = pattern.arrays["angles"], pattern.arrays["curve"]
    assert pattern.summary["method"] == "Debye"
    # 111 of palladium and platinum, a 3.89 and 3.92 A
    assert angles[curve.argmax()] == pytest.approx(40.0, abs=0.8)


def test_that_a_particle_that_is_no_crystal_is_told(shared_data: Path) -> None:
    result = ran(shared_data / "nanoparticles/matterviz/gold-nanoparticle-md.h5", every=25)
    assert result.summary["long_range_order"] is None
    assert result.notes
