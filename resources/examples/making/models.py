"""The silicon potentials: published ones and Sobol samples around two of them."""

from __future__ import annotations

from dataclasses import dataclass

RANDOM_SEED = 20240
N_SAMPLES = 128  # a family; a power of two keeps the Sobol sequence balanced


@dataclass(frozen=True)
class Model:
    """A potential as LAMMPS commands; {p} is the folder of published files, {own} its own file."""

    family: str
    name: str
    style: str
    coeff: str
    selection: str = "published"
    parameters: str = ""  # text of its own parameter file

    @property
    def key(self) -> str:
        """The name that identifies the model in all files."""
        return f"{self.family}|{self.name}"


PUBLISHED = (
    Model(
        "SNAP",
        "Zuo-2020-quadratic",
        "snap",
        "{p}/Si_Zuo_JPCA2020.quadratic.snapcoeff {p}/Si_Zuo_JPCA2020.quadratic.snapparam Si",
    ),
    Model(
        "SNAP", "Zuo-2020", "snap", "{p}/Si_Zuo_JPCA2020.snapcoeff {p}/Si_Zuo_JPCA2020.snapparam Si"
    ),
    Model("SW", "Stillinger-1985", "sw", "{p}/Si.sw Si"),
    Model("TERSOFF", "Tersoff-1988-T2", "tersoff", "{p}/Si.tersoff Si"),
    Model("TERSOFF", "Tersoff-1988-T3", "tersoff", "{p}/SiCGe.tersoff Si(C)"),
    Model("TERSOFF", "Tersoff-1989", "tersoff", "{p}/SiC.tersoff Si"),
    Model("TERSOFF", "Tersoff-1990", "tersoff", "{p}/SiC_1990.tersoff Si"),
    Model("TERSOFF", "Tersoff-1994", "tersoff", "{p}/SiC_1994.tersoff Si"),
    Model("TERSOFF", "Munetoh-2007", "tersoff", "{p}/SiO.tersoff Si"),
    Model("TERSOFF", "Erhart-Albe-2005", "tersoff", "{p}/SiC_Erhart-Albe.tersoff Si"),
    Model("TERSOFF", "Kumagai-2007-MOD", "tersoff/mod", "{p}/Si.tersoff.mod Si"),
    Model("TERSOFF", "PurjaPun-2017-MODC", "tersoff/mod/c", "{p}/Si.tersoff.modc Si"),
    Model("EDIP", "Justo-1998", "edip", "{p}/Si.edip Si"),
    Model("EDIP", "Jiang-2012-SiC", "edip/multi", "{p}/SiC.edip Si"),
    Model("MEAM", "Lenosky-2000", "meam/spline", "{p}/Si_1.meam.spline Si"),
    Model("MEAM", "Du-2011", "meam/spline", "{p}/Si_2.meam.spline Si"),
    Model("MEAM", "Balamane-1992-MEAM-SW", "meam/sw/spline", "{p}/Si.b.meam.sw.spline Si"),
    Model("MEAM", "Baskes-1992-SiS", "meam", "{p}/library.meam SiS NULL SiS"),
    Model("MEAM", "library-Si", "meam", "{p}/library.meam Si NULL Si"),
    Model("MEAM", "library-Si97", "meam", "{p}/library.meam Si97 NULL Si97"),
)
REFERENCE = PUBLISHED[0]

# Published values (Stillinger and Weber 1985; Tersoff 1989) and the relative half-widths of the
# sampled intervals. Lengths and decay constants decide the bond length, hence their small widths.
SW_PARAMETERS = {
    "epsilon": (2.1683, 0.10),
    "sigma": (2.0951, 0.02),
    "a": (1.80, 0.06),
    "lambda": (21.0, 0.20),
    "gamma": (1.20, 0.10),
    "costheta0": (-1 / 3, 0.10),
    "A": (7.049556277, 0.10),
    "B": (0.6022245584, 0.10),
    "p": (4.0, 0.10),
    "q": (0.0, 0.0),
    "tol": (0.0, 0.0),
}
TERSOFF_PARAMETERS = {
    "m": (3.0, 0.0),
    "gamma": (1.0, 0.10),
    "lambda3": (0.0, 0.0),
    "c": (1.0039e5, 0.15),
    "d": (16.217, 0.15),
    "costheta0": (-0.59825, 0.15),
    "n": (0.78734, 0.10),
    "beta": (1.1e-6, 0.20),
    "lambda2": (1.7322, 0.015),
    "B": (471.18, 0.05),
    "R": (2.85, 0.03),
    "D": (0.15, 0.10),
    "lambda1": (2.4799, 0.015),
    "A": (1830.8, 0.05),
}


def sobol_models(family: str, style: str, table: dict[str, tuple[float, float]]) -> list[Model]:
    """A scrambled Sobol sample of the parameters around their published values."""
    from scipy.stats import qmc

    free = [name for name, (_, width) in table.items() if width > 0]
    points = qmc.Sobol(len(free), scramble=True, seed=RANDOM_SEED).random(N_SAMPLES)
    models = []
    for number, point in enumerate(points, start=1):
        shift = dict(zip(free, 2 * point - 1, strict=True))
        values = [v * (1 + width * shift.get(name, 0)) for name, (v, width) in table.items()]
        text = "Si Si Si " + " ".join(f"{value:.9g}" for value in values) + "\n"
        name = f"sobol-{number:03d}"
        models.append(Model(family, name, style, "{own} Si", "sobol", text))
    return models


def all_models() -> list[Model]:
    """Published potentials first, then the samples."""
    return [
        *PUBLISHED,
        *sobol_models("SW", "sw", SW_PARAMETERS),
        *sobol_models("TERSOFF", "tersoff", TERSOFF_PARAMETERS),
    ]
