"""Names of error metrics in published tables, with their category and unit.

The sixty properties are those of Liu and Mo, "Learning from models: high-dimensional analyses on
the performance of machine learning interatomic potentials" (npj Comput. Mater., 2024), Table S13;
the thirty-one are those of their set of 124 models.
"""

from __future__ import annotations

from functools import cache
from itertools import product

CELLS = ("spl", "hex", "tet", "vac", "super", "unit")
MODULI = ("c11", "c12", "c44", "bulkmodulus")
HEAT = ("free_energy", "entropy", "heat_capacity")

FORMATION = ("E_f", "eV")
ELASTIC = ("EC", "GPa")
LATTICE = ("lattice", "Å")
RARE_NAC = ("RE", "")
ENERGY = "meV/atom"
FORCE = "eV/Å"

SMALL_SET = {
    "Bulk_E_free": ("thermodynamic", ""),
    "Bulk_heat_capacity": ("thermodynamic", ""),
    "Bulk_entropy": ("thermodynamic", ""),
    "Vacancy_E_free": ("thermodynamic", ""),
    "Vacancy_heat_capacity": ("thermodynamic", ""),
    "Vacancy_entropy": ("thermodynamic", ""),
    "Vacancy_E_f": FORMATION,
    "Split_E_f": FORMATION,
    "Tetrahedral_E_f": FORMATION,
    "Hexagonal_E_f": FORMATION,
    "Vacancy_D_0": ("diffusion", ""),
    "Vacancy_E_a": ("diffusion", "eV"),
    "Interstitial_D_0": ("diffusion", ""),
    "Interstitial_E_a": ("diffusion", "eV"),
    "Lattice_const_A": LATTICE,
    "C11": ELASTIC,
    "C12": ELASTIC,
    "C44": ELASTIC,
    "Bulk_modulus": ELASTIC,
    "Vacancy_RE_Magnitude_ROC": RARE_NAC,
    "Vacancy_RE_Angle_ROC": RARE_NAC,
    "Interstitial_RE_Magnitude_ROC": RARE_NAC,
    "Interstitial_RE_Angle_ROC": RARE_NAC,
}
RMSE_SETS = {
    "Validation": "validation",
    "Train": "validation",
    "EnhInterstitial": "enhanced",
    "EnhVacancy": "enhanced",
    "Interstitial_RE": "RE",
    "Vacancy_RE": "RE",
    "InterstitialRE": "RE",
    "VacancyRE": "RE",
}


@cache
def known_metrics() -> dict[str, tuple[str, str]]:
    """(category, unit) by the column's name, in the published order of the categories."""
    known = {f"{cell}_Ef": FORMATION for cell in ("spl", "hex", "tet", "vac")}
    cells = ("spl", "hex", "tet", "vac", "super")
    known |= {f"{cell}_{modulus}": ELASTIC for cell, modulus in product(cells, MODULI)}
    known |= {f"{cell}_a": LATTICE for cell in CELLS}
    for level in ("L1", "L2", "L3", "L4"):
        known[f"{level}_frequency"] = ("energy ranking", "%")
        known[f"{level}_mean"] = known[f"{level}_max"] = ("energy ranking", "eV")
    for defect in ("Interstitial", "Vacancy"):
        known[f"{defect}_RE_A"] = known[f"{defect}_RE_M"] = RARE_NAC
        known[f"{defect}_RE_E"] = ("RE", ENERGY)
        known[f"{defect}_RE_F"] = ("RE", FORCE)
        known[f"{defect}_enhanced_E"] = ("enhanced", ENERGY)
        known[f"{defect}_enhanced_F"] = ("enhanced", FORCE)
    known |= {
        f"{cell}_{heat}": ("thermodynamic", "") for cell in ("bulk", "vacancy") for heat in HEAT
    }
    known |= SMALL_SET
    for name, category in RMSE_SETS.items():
        known[f"{name}_E_RMSE"] = (category, ENERGY)
        known[f"{name}_F_RMSE"] = (category, FORCE)
    return known
