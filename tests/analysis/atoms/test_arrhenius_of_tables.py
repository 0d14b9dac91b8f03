"""The line of a small table T, D, dD: activation energy, extrapolation, conductivity."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.cli import main
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.io.tables import read_table

ARRHENIUS = ANALYSES["arrhenius"]
CARRIERS = 2.56070e22  # gives 158701249.7 (mS/cm)/(cm2/s) at 300 K
ROWS = zip(
    (600, 650, 700, 720, 800, 900, 1050, 1200, 1500),
    (1.24, 1.56, 2.13, 1.85, 3.51, 4.85, 8.24, 13.8, 18.3),
    (3.40, 4.05, 5.57, 3.87, 7.00, 6.99, 13.4, 14.9, 25.8),
    strict=True,
)
TABLE = "T,D,D_error\n" + "".join(f"{t},{d}E-06,{e}E-07\n" for t, d, e in ROWS)


def found(path: Path, **params: object) -> Result:
    inputs = Inputs(table=read_table(path))
    return ARRHENIUS.run(inputs, ARRHENIUS.params(**params), Progress())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "D_T.csv").write_text(TABLE)
    return tmp_path / "D_T.csv"


def test_that_nine_rows_give_the_known_answer(table: Path) -> None:
    about = found(table, carriers=CARRIERS).summary
    assert about["n_points"] == 9
    assert about["activation_energy_eV"] == pytest.approx(0.258138, abs=2e-6)
    assert about["activation_energy_std_eV"] == pytest.approx(0.016832, abs=2e-6)
    assert about["D_300K_cm2_s"] == pytest.approx(6.80754e-9, rel=1e-4)
    assert about["sigma_300K_mS_cm"] == pytest.approx(1.08037, rel=2e-4)
    low, high = about["sigma_low_mS_cm"], about["sigma_high_mS_cm"]
    assert low * high == pytest.approx(about["sigma_300K_mS_cm"] ** 2)
    assert low < 0.8
    assert high > 1.4


def test_that_without_carriers_there_is_no_conductivity(table: Path) -> None:
    assert found(table).summary["sigma_300K_mS_cm"] is None
    assert found(table, carriers=CARRIERS, charge=2.0).summary["sigma_300K_mS_cm"] == pytest.approx(
        4 * 1.08037, rel=2e-4
    )


def test_that_a_table_without_temperatures_gives_no_points(tmp_path: Path) -> None:
    (tmp_path / "errors.csv").write_text("model,e\na,1\nb,2\n")
    with pytest.raises(AnalysisProblem, match="two temperatures are the least"):
        found(tmp_path / "errors.csv")


def test_that_coefficients_of_a_table_are_no_rates(table: Path) -> None:
    result = found(table, of="rate", points="600 1e-3 1e-4, 900 1e-2 1e-3")
    assert result.summary["n_points"] == 2
    assert any("no rates" in note for note in result.notes)
    with pytest.raises(AnalysisProblem, match="no rates"):
        found(table, of="rate")


def test_that_the_command_takes_a_table_alone(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "arrhenius", "--table", str(table)]) == 0
    assert "activation_energy_eV: 0.2581" in capsys.readouterr().out


def test_that_the_published_table_is_read(shared_data: Path) -> None:
    about = found(shared_data / "tables" / "aimd" / "D_T.csv", carriers=CARRIERS).summary
    assert about["activation_energy_eV"] == pytest.approx(0.258138, abs=2e-6)
