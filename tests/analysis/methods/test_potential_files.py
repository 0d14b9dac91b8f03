"""Which potential a file means, and what it may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.analysis.methods.calculators import calculator_of
from mlipviewer.analysis.methods.potential_files import (
    fingerprint_of_calculator,
    is_potential,
    read_potential,
    shipped_potentials,
)
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.problem import ReadProblem

GOOD = 'elements = ["Si"]\npair_style = "sw"\npair_coeff = "* * Si.sw Si"\n'


def write(folder: Path, text: str, name: str = "mine.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_that_a_file_its_folder_and_a_shipped_name_mean_a_potential(tmp_path: Path) -> None:
    found = read_potential(write(tmp_path, GOOD))
    assert (found.name, found.elements, found.numbers) == ("mine", ("Si",), (14,))
    assert (found.units, found.pair_coeff) == ("metal", ("* * Si.sw Si",))
    write(tmp_path, GOOD, "potential.toml")
    assert read_potential(str(tmp_path)).name == tmp_path.name
    assert "Si-SNAP" in shipped_potentials()
    for name in shipped_potentials():
        assert read_potential(f"lammps:{name}").title
    assert not is_potential("ase.calculators.lj:LennardJones")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("elements = [", "is no TOML"),
        (GOOD + 'shell = "rm"', "'shell' is none of"),
        (GOOD.replace("Si.sw", "${x}"), "not the words of one command"),
        (GOOD.replace('"sw"', '"sw\\nshell rm -r x"'), "not the words of one command"),
        (GOOD.replace('"sw"', '"python 5.0"'), "'python' would run a program"),
        (GOOD.replace('"sw"', '"mliap unified x.pt"'), "'unified' would run a program"),
        (GOOD.replace('["Si"]', '["Xx"]'), "'Xx' is no element"),
        (GOOD.replace('["Si"]', "[]"), "it has no elements"),
        (GOOD.replace('["Si"]', "[3]"), "elements is a text or a list of texts"),
        (GOOD + 'units = "lj"', "units are metal or real, not 'lj'"),
        (GOOD.replace('"sw"', '["sw", "eam"]'), "pair_style is one text"),
    ],
)
def test_that_a_file_says_a_potential_and_no_other_command(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ReadProblem, match=r"mine\.toml") as told:
        read_potential(write(tmp_path, text))
    assert said in str(told.value)


def test_that_wrong_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(AnalysisProblem, match="no potential lammps:Xx; there are Si-"):
        calculator_of("lammps:Xx", "")
    with pytest.raises(AnalysisProblem, match="cannot be read"):
        calculator_of(str(tmp_path / "none.toml"), "")
    with pytest.raises(AnalysisProblem, match="only setting is seconds"):
        calculator_of("lammps:Si-SW", '{"speed": 1}')


def test_that_other_parameters_are_another_question(tmp_path: Path) -> None:
    name = write(tmp_path, GOOD)
    before = fingerprint_of_calculator(name)
    assert before == fingerprint_of_calculator(name)
    (tmp_path / "Si.sw").write_text("one")
    after = fingerprint_of_calculator(name)
    (tmp_path / "Si.sw").write_text("two")
    assert len({before, after, fingerprint_of_calculator(name)}) == 3
    assert fingerprint_of_calculator("ase.calculators.lj:LennardJones") == ""
