"""log.lammps, OSZICAR and model_devi.out: every style, several runs, restarts, cut ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.thermo import is_thermo, read_thermo

HEAD = "LAMMPS (2 Aug 2023)\nunits real\ntimestep 0.5\n"
ONE = "   Step Temp PotEng\n 0 300 -5.5\n 10 310 -5.25\nWARNING: odd\n 20 320 -5\nLoop time\n"
AGAIN = "   Step Temp PotEng\n 20 321 -5\n 30 330 -4.75\n 40 34"
MULTI = """------------ Step              0 ----- CPU =            0 (sec) -------------
TotEng   =     -10.5 KinEng   =       2.5 Temp     =     300.0
PotEng   =     -13.0
------------ Step              5 ----- CPU =          0.5 (sec) -------------
TotEng   =     -10.0 KinEng   =       3.0 Temp     =     360.0
PotEng   =     -13.0
Loop time
"""
YAML = """---
keywords: ['Step', 'Temp', 'PotEng', ]
data:
  - [0, 300, -5.5, ]
  - [10, 310, -5.25, ]
...
"""


def table(tmp_path: Path, text: str, name: str = "log.lammps"):
    (tmp_path / name).write_text(text)
    assert is_thermo(tmp_path / name)
    return read_thermo(tmp_path / name)


def test_that_the_style_one_is_read_over_several_runs_and_a_restart(tmp_path: Path) -> None:
    found = table(tmp_path, HEAD + ONE + "run 20\n" + AGAIN)
    assert found.steps.tolist() == [0, 10, 20, 30]
    assert found.columns["Temp"].tolist() == [300, 310, 321, 330]
    assert (found.style, found.dt) == ("real", pytest.approx(0.5e-3))
    assert found.units == {"Temp": "K", "PotEng": "kcal/mol"}
    assert "1 steps stand twice" in str(found.notes[0])


def test_that_the_style_multi_is_read(tmp_path: Path) -> None:
    found = table(tmp_path, HEAD + MULTI)
    assert found.steps.tolist() == [0, 5]
    assert found.columns["KinEng"].tolist() == [2.5, 3]
    assert found.columns["PotEng"].tolist() == [-13, -13]
    assert found.columns["CPU"].tolist() == [0, 0.5]


def test_that_the_style_yaml_is_read(tmp_path: Path) -> None:
    found = table(tmp_path, HEAD + YAML)
    assert found.steps.tolist() == [0, 10]
    assert found.columns["PotEng"].tolist() == [-5.5, -5.25]


def test_that_a_changing_time_step_is_no_time_step(tmp_path: Path) -> None:
    found = table(tmp_path, HEAD + ONE + "timestep 1.0\n" + AGAIN)
    assert found.dt is None
    assert table(tmp_path, HEAD.replace("real", "lj") + ONE).dt is None
    assert table(tmp_path, HEAD.replace("0.5", "${dt}") + ONE).dt is None


def test_that_every_cut_of_a_log_gives_the_first_rows(tmp_path: Path) -> None:
    whole = HEAD + ONE
    rows = [whole.index("0 300 -5.5\n") + 11, whole.index("310 -5.25\n") + 10]
    for cut in range(len(HEAD) + 20, len(whole), 3):
        (tmp_path / "log.lammps").write_text(whole[:cut])
        good = sum(cut >= end for end in rows)
        try:
            steps = read_thermo(tmp_path / "log.lammps").steps.tolist()
        except ReadProblem:
            steps = []
        assert steps[:good] == [0, 10, 20][:good]
        assert len(steps) <= good + 1


OSZICAR = """       N       E                     dE             d eps       ncg     rms
DAV:   1    -0.216755671248E+03   -0.21676E+03   -0.10728E+05  3464   0.664E+02
      1 T=   300. E= -.85E+02 F= -.9E+02 E0= -.91E+02  EK= 0.5E+01 SP= 0.00E+00 SK= 0.00E+00
DAV:   1    -0.216755671248E+03   -0.21676E+03   -0.10728E+05  3464   0.664E+02
      2 T=   310. E= -.86E+02 F= -.92E+02 E0= -.93E+02  EK= 0.6E+01 SP= 0.00E+00 SK= 0.00E+00
"""


def test_that_ionic_steps_of_vasp_are_rows(tmp_path: Path) -> None:
    found = table(tmp_path, OSZICAR, "OSZICAR")
    assert found.steps.tolist() == [1, 2]
    assert found.columns["temperature"].tolist() == [300, 310]
    assert found.columns["E0"].tolist() == [-91, -93]
    assert found.columns["kinetic energy"].tolist() == [5, 6]
    assert found.units["temperature"] == "K"
    assert found.units["free energy"] == "eV"


def test_that_a_continued_oszicar_counts_on(tmp_path: Path) -> None:
    found = table(tmp_path, OSZICAR + OSZICAR.split("\n", 1)[1], "OSZICAR")
    assert found.steps.tolist() == [1, 2, 3, 4]
    assert "begin again 1 times" in str(found.notes[0])


def test_that_an_oszicar_continued_twice_leaves_no_gap(tmp_path: Path) -> None:
    rows = OSZICAR.split("\n", 1)[1]
    found = table(tmp_path, OSZICAR + rows * 2, "OSZICAR")
    n = len(table(tmp_path, OSZICAR, "OSZICAR").steps)
    assert found.steps.tolist() == list(range(1, 3 * n + 1))
    assert "2 times" in found.notes[0].text


def test_that_an_oszicar_of_restarts_alone_is_read_in_time(tmp_path: Path) -> None:
    head, row = OSZICAR.split("\n", 1)[0], "      1 T=   300. E= -.1E+02 F= -.2E+02\n"
    begin = time.process_time()
    found = table(tmp_path, f"{head}\n" + row * 20_000, "OSZICAR")
    assert time.process_time() - begin < 5
    assert found.steps[-1] == 20_000


def test_that_model_deviations_are_rows(tmp_path: Path) -> None:
    text = "#       step     max_devi_v     min_devi_v   max_devi_f   avg_devi_f\n"
    text += "  0  1e-3  2e-4  5e-2  1e-2\n  10  2e-3  2e-4  6e-2  2e-2\n  20  2e-3"
    found = table(tmp_path, text, "model_devi.out")
    assert found.steps.tolist() == [0, 10]
    assert found.columns["max_devi_f"].tolist() == [0.05, 0.06]
    assert found.units["max_devi_f"] == "eV/Å"


def test_that_other_text_is_no_thermo_file(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_text("Step by step we went\n")
    assert not is_thermo(tmp_path / "notes.log")
    with pytest.raises(ReadProblem, match="none of"):
        read_thermo(tmp_path / "notes.log")
    (tmp_path / "log.lammps").write_text(HEAD)
    assert is_thermo(tmp_path / "log.lammps")
    with pytest.raises(ReadProblem, match="holds no thermo output"):
        read_thermo(tmp_path / "log.lammps")


def test_that_the_published_oszicar_says_its_energy(shared_data: Path) -> None:
    found = read_thermo(shared_data / "lithium/lithium/HT_bcc_0_0/OSZICAR")
    assert found.columns["E0"].tolist() == [-783.3966]
