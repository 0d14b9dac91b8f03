"""When frames are: by their own word, by files beside them, by the user; never guessed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.analysis.methods.times import interval_of
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.timing import Source
from mlipviewer.core.trajectory import TimeUnknown, Trajectory
from mlipviewer.io.trajectories.choices import NOTHING, TrajectoryChoices, trajectory_choices
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.understood import understood


def dump(steps: list[int], units: str = "", times: list[float] | None = None) -> str:
    text = f"ITEM: UNITS\n{units}\n" if units else ""
    for k, step in enumerate(steps):
        text += f"ITEM: TIME\n{times[k]}\n" if times else ""
        text += f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\n"
        text += (
            "ITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\nITEM: ATOMS id type x y z vx fx fy fz\n"
        )
        text += f"1 1 1.0 2.0 {k}.5 0.0 1.0 2.0 3.0\n2 2 4.0 5.0 6.0 0.0 1.0 2.0 3.0\n"
    return text


LONG = 20.0
LOG = """LAMMPS (2 Aug 2023)
units           metal
atom_style      atomic
pair_style      mlip mlip.ini
pair_coeff      * * pot.mtp Li Cl
timestep        0.002
Per MPI rank memory allocation (min/avg/max) = 4.4 | 4.4 | 4.4 Mbytes
   Step          Temp          PotEng         Press
         0   300            -10.5          1.25
       100   310.5          -10.25         1.5
       200   305            -10.125        1.75
Loop time of 1 on 1 procs
"""


def opened(path: Path, choices: TrajectoryChoices = NOTHING, part: str = ":") -> Trajectory:
    parts = [int(word) if word else None for word in part.split(":")]
    return understood("run", open_trajectory(path), slice(*parts), choices)


@pytest.mark.parametrize(("style", "ps"), [("metal", 0.5), ("real", 0.0005), ("si", 0.5e12)])
def test_that_the_times_of_a_dump_are_in_ps_by_its_units(
    tmp_path: Path, style: str, ps: float
) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10, 20], style, [0.0, 0.5, 1.0]))
    run = opened(tmp_path / "run.dump")
    assert run.clock.source is Source.FILE
    assert [run.time(k) for k in range(3)] == pytest.approx([0, ps, 2 * ps])
    assert run.frame_interval() == pytest.approx(ps)
    assert run.info(1)["Time"] == pytest.approx(ps)
    assert run.frame(1).info["Time_unit"] == "ps"


def test_that_times_without_a_unit_are_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10], "", [0.0, 0.5]))
    run = opened(tmp_path / "run.dump")
    assert run.clock.source is Source.UNKNOWN
    assert run.time(1) is None
    with pytest.raises(TimeUnknown, match="does not say its units"):
        run.frame_interval()


def test_that_an_analysis_is_refused_a_time_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10]))
    with pytest.raises(AnalysisProblem, match=r"run: .* how long one is; say it with"):
        interval_of(opened(tmp_path / "run.dump"))
    assert interval_of(opened(tmp_path / "run.dump", TrajectoryChoices(interval=2.0))) == 2.0


def test_that_time_steps_alone_are_no_time(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10]))
    with pytest.raises(TimeUnknown, match="how long one is"):
        opened(tmp_path / "run.dump").frame_interval()


def test_that_the_log_beside_gives_time_step_units_elements_and_values(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 100, 200]))
    (tmp_path / "log.lammps").write_text(LOG)
    run = opened(tmp_path / "run.dump")
    assert run.frame_interval() == pytest.approx(0.2)
    assert run.clock.said == "timesteps of 2 fs, by log.lammps"
    assert [run.info(k)["PotEng"] for k in range(3)] == [-10.5, -10.25, -10.125]
    assert run.frame(0).units["PotEng"] == "eV"
    assert run.frame(0).units["Press"] == "bar"
    assert run.frame(0).numbers.tolist() == [3, 17]
    said = " ".join(map(str, run.source.notes))
    assert "3 values of log.lammps were joined" in said
    assert "elements by pair_coeff in log.lammps: 1 is Li, 2 is Cl" in said
    assert "not stated" not in said
    assert "no elements" not in said


def test_that_a_log_of_other_steps_or_with_two_dumps_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([5000, 5100]))
    (tmp_path / "log.lammps").write_text(LOG)
    assert "Temp" not in opened(tmp_path / "run.dump").info(0)
    (tmp_path / "run.dump").write_text(dump([0, 100]))
    (tmp_path / "other.dump").write_text(dump([0, 100]))
    assert "Temp" not in opened(tmp_path / "run.dump").info(0)
    chosen = TrajectoryChoices(thermo=(str(tmp_path / "log.lammps"),))
    assert opened(tmp_path / "run.dump", chosen).info(1)["Temp"] == 310.5


@pytest.mark.parametrize(
    ("comment", "interval", "reason"),
    [
        ("time_fs={t}", 2e-3, ""),
        ("Time={t} Time_unit=ps", 2.0, ""),
        ("time={t} time_units=fs", 2e-3, ""),
        ("time={t}", None, "does not say its unit"),
        ("step={t}", None, "how long one is"),
        ("energy={t}", None, "does not say when"),
    ],
)
def test_that_times_of_xyz_need_a_unit(
    tmp_path: Path, comment: str, interval: float | None, reason: str
) -> None:
    frames = (f"1\n{comment.format(t=2.0 * k)}\nSi 0 0 {k}\n" for k in range(4))
    (tmp_path / "run.xyz").write_text("".join(frames))
    run = opened(tmp_path / "run.xyz")
    if interval is not None:
        assert run.frame_interval() == pytest.approx(interval)
    else:
        with pytest.raises(TimeUnknown, match=reason):
            run.frame_interval()


def test_that_cp2k_writes_fs(tmp_path: Path) -> None:
    lines = (f"1\n i = {k}, time = {0.5 * k:.3f}, E = -17.25\nH 0 0 0\n" for k in range(3))
    (tmp_path / "md-pos-1.xyz").write_text("".join(lines))
    assert opened(tmp_path / "md-pos-1.xyz").frame_interval() == pytest.approx(0.5e-3)


XDATCAR = """Li
1.0
3 0 0
0 3 0
0 0 3
Li
1
"""


def xdatcar(folder: Path, n: int = 3) -> Path:
    frames = "".join(f"Direct configuration= {k + 1}\n 0.1 0.2 0.{k}\n" for k in range(n))
    (folder / "XDATCAR").write_text(XDATCAR + frames)
    return folder / "XDATCAR"


def test_that_the_incar_beside_gives_the_time_of_an_xdatcar(tmp_path: Path) -> None:
    path = xdatcar(tmp_path)
    with pytest.raises(TimeUnknown, match="no INCAR"):
        opened(path).frame_interval()
    (tmp_path / "INCAR").write_text("IBRION = 0\nPOTIM = 2.0\nNBLOCK = 5\nTEBEG = 300\n")
    run = opened(path)
    assert run.frame_interval() == pytest.approx(0.010)
    assert run.clock.said == "POTIM = 2 fs in INCAR, every 5 steps"
    assert (run.temperature.kelvin, run.temperature.source) == (300, Source.FILE)
    assert opened(path, part="::2").frame_interval() == pytest.approx(0.020)
    (tmp_path / "INCAR").write_text("IBRION = 2\nPOTIM = 0.5\n")
    with pytest.raises(TimeUnknown, match="not of molecular dynamics"):
        opened(path).frame_interval()


def test_that_a_heated_run_has_no_temperature(tmp_path: Path) -> None:
    path = xdatcar(tmp_path)
    (tmp_path / "INCAR").write_text("IBRION = 0\nPOTIM = 1\nTEBEG = 300; TEEND = 900\n")
    assert opened(path).temperature.kelvin is None


def test_that_the_user_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10], "metal", [0.0, 0.5]))
    run = opened(tmp_path / "run.dump", TrajectoryChoices(interval=3.0, temperature=77))
    assert (run.frame_interval(), run.time(1)) == (3.0, 3.0)
    assert run.clock.source is Source.USER
    assert run.temperature.kelvin == 77


def test_that_unequal_steps_have_no_interval(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10, 15], "metal", [0.0, 1.0, 1.5]))
    run = opened(tmp_path / "run.dump")
    assert run.time(2) == 1.5
    with pytest.raises(TimeUnknown, match="not equally far"):
        run.frame_interval()


def test_that_chosen_units_convert_what_was_assumed_metal(tmp_path: Path) -> None:
    (tmp_path / "run.dump").write_text(dump([0, 10]))
    kcal = 0.0433641042
    frame = opened(tmp_path / "run.dump", TrajectoryChoices(units="real")).frame(0)
    np.testing.assert_allclose(frame.columns["forces"], [[kcal, 2 * kcal, 3 * kcal]] * 2)
    assert frame.info["units"] == "real"
    stated = tmp_path / "stated.dump"
    stated.write_text(dump([0, 10], "real"))
    direct = opened(stated).frame(0)
    np.testing.assert_array_equal(direct.columns["forces"], frame.columns["forces"])
    again = opened(stated, TrajectoryChoices(units="metal"))
    assert "not used" in str(again.source.notes)
    np.testing.assert_array_equal(again.frame(0).positions, direct.positions)


def test_that_elements_by_the_user_the_masses_or_a_data_file(tmp_path: Path) -> None:
    path = tmp_path / "run.dump"
    path.write_text(dump([0, 10]))
    assert opened(path).frame(0).numbers.tolist() == [0, 0]
    chosen = TrajectoryChoices(elements=(("1", "Si"), ("2", "O")))
    frame = opened(path, chosen).frame(0)
    assert frame.numbers.tolist() == [14, 8]
    assert frame.species is None
    same = TrajectoryChoices(elements=(("1", "Si"), ("2", "Si")))
    labels = opened(path, same).frame(0).species
    assert labels is not None
    assert labels.tolist() == ["Si 1", "Si 2"]
    data = "made by a test\n\n2 atoms\n2 atom types\n\nMasses\n\n1 107.87\n2 63.546 # Cu\n\nAtoms\n"
    (tmp_path / "start.data").write_text(data)
    run = opened(path)
    assert run.frame(0).numbers.tolist() == [47, 29]
    assert "elements by the masses in start.data" in " ".join(map(str, run.source.notes))
    (tmp_path / "start.data").write_text(data.replace("2 atoms", "3 atoms"))
    assert opened(path).frame(0).numbers.tolist() == [0, 0]


def test_that_labels_of_the_file_stay_a_column_when_they_are_renamed(tmp_path: Path) -> None:
    (tmp_path / "run.xyz").write_text("3\n\nA 0 0 0\nB 0 0 1\nSi 0 0 2\n")
    frame = opened(tmp_path / "run.xyz", TrajectoryChoices(elements=(("A", "Ge"),))).frame(0)
    assert frame.numbers.tolist() == [32, 5, 14]
    assert frame.columns["label"].tolist() == ["A", "B", "Si"]
    assert frame.species is None


def test_that_a_structure_of_the_same_name_names_the_atoms(tmp_path: Path) -> None:
    from tests.io.test_binary_formats import N_ATOMS, write_dcd

    write_dcd(tmp_path / "run.dcd")
    rows = "".join(f"{s} 0 0 {k}\n" for k, s in enumerate(("O", "H", "H", "Na", "Cl")))
    (tmp_path / "run.xyz").write_text(f"{N_ATOMS}\nstart\n{rows}")
    run = opened(tmp_path / "run.dcd")
    assert run.frame(3).numbers.tolist() == [8, 1, 1, 11, 17]
    assert "elements are those of run.xyz" in " ".join(map(str, run.source.notes))
    (tmp_path / "run.xyz").write_text("1\n\nO 0 0 0\n")
    run = opened(tmp_path / "run.dcd")
    assert not run.frame(0).numbers.any()
    assert "1 atoms, not 5" in " ".join(map(str, run.source.notes))


def test_that_choices_are_kept_as_text() -> None:
    choices = TrajectoryChoices(interval=0.5, elements=(("1", "Si"),), thermo=("a.log",))
    assert trajectory_choices(choices.as_text()) == choices
    assert NOTHING.as_text() == ""


@pytest.mark.parametrize(
    "text", ['{"interval": -1}', '{"units": "imperial"}', '{"elements": [["1", "Xx"]]}', "[1]"]
)
def test_that_impossible_choices_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        trajectory_choices(text)


def test_that_a_log_is_read_again_as_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "log.lammps"
    lines = LOG.splitlines(keepends=True)
    log.write_text("".join(lines[:-2]))  # up to step 100
    (tmp_path / "run.dump").write_text(dump([0, 100, 200, 300]))
    run = opened(tmp_path / "run.dump", TrajectoryChoices(thermo=(str(log),)))
    assert (run.info(1)["PotEng"], "PotEng" in run.info(2)) == (-10.25, False)
    log.write_text("".join(lines[:-1]))
    end = time.monotonic() + LONG  # one that took long to read rests longer
    while "PotEng" not in run.info(2) and time.monotonic() < end:
        time.sleep(0.05)
    assert [run.info(k)["PotEng"] for k in range(3)] == [-10.5, -10.25, -10.125]
    assert run.frame(2).info["Temp"] == 305
    assert "PotEng" not in run.info(3)


def test_that_the_log_of_another_run_does_not_take_the_place(tmp_path: Path) -> None:
    log = tmp_path / "log.lammps"
    log.write_text(LOG)
    (tmp_path / "run.dump").write_text(dump([0, 100, 200, 300]))
    run = opened(tmp_path / "run.dump", TrajectoryChoices(thermo=(str(log),)))
    log.write_text(LOG.replace("  100   310.5", "  300   111.0"))
    assert "PotEng" not in run.info(3)
    assert run.info(1)["PotEng"] == -10.25
