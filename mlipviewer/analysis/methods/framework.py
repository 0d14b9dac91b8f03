"""The framework of a compound without its mobile ions: anions, cations, radii, free places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.ions import charges_of, ions
from mlipviewer.analysis.methods.voids import Spheres
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.elements import element
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.plot import Array
from mlipviewer.core.trajectory import Frame

MOBILE = ("Na", "Li", "K", "Ag")
"""Mobile ions in the order in which they are looked for."""

CLASSES = {
    "oxide": ("O", "F", "N"),
    "sulfide": ("S", "Se", "Te", "P", "As"),
    "chloride": ("Cl", "Br", "I"),
}
"""Anions by the class whose rules they follow."""

CLOSEST = 0.6
"""A; atoms of a framework nearer than this are alternatives of a disordered structure."""

OCCUPANTS = "occupants"
"""The column that names all species of a shared site: `Na 0.5, La 0.5`."""


@dataclass(frozen=True, eq=False)
class Framework:
    """A frame without its mobile ions. Of its n atoms: `rows` (n,) of the frame, `symbols` (n,),
    `anion` (n,) bool, and spheres. Mobile ions: `mobile` elements, `given` rows of the frame."""

    spheres: Spheres
    rows: Array
    symbols: Array
    anion: Array
    mobile: tuple[str, ...]
    given: Array
    kind: str  # of CLASSES
    ion: str  # the mobile ion whose rules count
    ion_radius: float
    notes: tuple[str, ...]

    @property
    def cell(self) -> Array:
        return self.spheres.cell


def mobile_of(frame: Frame, named: str) -> tuple[str, ...]:
    """The elements that are named (`Na` or `Li,Na`), else the first of MOBILE that is there.
    Raises AnalysisProblem."""
    if named.strip():
        symbols = tuple(dict.fromkeys(named.replace(",", " ").split()))
        odd = [symbol for symbol in symbols if symbol not in ions()]
        if odd:
            raise AnalysisProblem(f"{odd[0]!r} is no element that forms ions")
        return symbols
    there = {symbol for held in occupants(frame) for symbol in held}
    found = next((symbol for symbol in MOBILE if symbol in there), None)
    if found is None:
        raise AnalysisProblem(f"it holds no {' or '.join(MOBILE[:2])}: name the mobile ion")
    return (found,)


def occupants(frame: Frame) -> list[dict[str, float]]:
    """What each atom stands for: one element, or several with their shares."""
    told = frame.columns.get(OCCUPANTS)
    found = []
    for row, number in enumerate(frame.numbers.tolist()):
        held = _shares(str(told[row])) if told is not None else {}
        found.append(held or {element(number).symbol: 1.0})
    return found


def _shares(text: str) -> dict[str, float]:
    """`Na 0.5, La 0.5` as a mapping; {} for what is not so written."""
    found: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        symbol, _, share = part.partition(" ")
        try:
            found[symbol] = float(share)
        except ValueError:
            return {}
    return found


def framework_of(frame: Frame, named: str) -> Framework:
    """The framework of a frame. Sites that several cations share have the radius of the smallest.
    Raises AnalysisProblem with what is missing."""
    cell = _whole_cell(frame)
    mobile = mobile_of(frame, named)
    held = occupants(frame)
    unknown = sorted({symbol for one in held for symbol in one} - set(ions()))
    if unknown:
        raise AnalysisProblem(f"no charge is known of {', '.join(unknown)}")
    amounts: Counter[str] = Counter()
    for one in held:
        amounts.update(one)
    charges = charges_of(amounts)
    negative = {s for s, charge in charges.of.items() if charge < 0} - set(mobile)
    rest = [[s for s in one if s not in mobile] for one in held]
    rows = np.flatnonzero([bool(one) for one in rest])
    anion = np.array([any(s in negative for s in rest[row]) for row in rows], bool)
    if not anion.any():
        raise AnalysisProblem("it holds no anions such as O, S or Cl around which sites could lie")
    symbols = np.array([_chosen(rest[row], negative) for row in rows.tolist()])
    radii = np.array([_radius(rest[row], charges.of) for row in rows.tolist()])
    places = np.array(frame.positions, float)[rows] - frame.origin
    given = np.flatnonzero([any(s in mobile for s in one) for one in held])
    main = Counter(symbols[anion].tolist()).most_common(1)[0][0]
    kind, said = _class_of(main)
    shared = sum(len(rest[row]) > 1 for row in rows.tolist())
    found = Framework(
        Spheres(cell, places, radii),
        rows,
        symbols,
        anion,
        mobile,
        given,
        kind,
        "Li" if mobile[0] == "Li" else "Na",
        ions()[mobile[0]].radius(1) or 1.0,
        _notes(charges.balanced, said, shared, mobile),
    )
    _refuse_alternatives(found)
    return found


def _whole_cell(frame: Frame) -> Array:
    found = periodic_cell(frame)
    if found is None or not found[1].all():
        raise AnalysisProblem("it has no cell that repeats in all three directions")
    if not np.isfinite(frame.positions).all():
        raise AnalysisProblem("an atom has no place")
    return found[0]


def _chosen(symbols: list[str], negative: set[str]) -> str:
    """What a shared site is called: its anion, else its first cation."""
    return next((s for s in symbols if s in negative), symbols[0])


def _radius(symbols: list[str], charges: dict[str, int] | object) -> float:
    """The crystal radius of a site in A: of several ions the smallest."""
    of = charges if isinstance(charges, dict) else {}
    known = [ions()[s].radius(of.get(s, 0)) for s in symbols]
    return min((one for one in known if one is not None), default=0.7)


def _class_of(anion: str) -> tuple[str, str]:
    """The class of the commonest anion, and a note where it only follows that class's rules."""
    kind = next((name for name, members in CLASSES.items() if anion in members), "oxide")
    plain = {"oxide": "O", "sulfide": "S", "chloride": "Cl"}[kind]
    return kind, "" if anion == plain else f"anions of {anion} follow the rules of {kind}s"


def _notes(balanced: bool, said: str, shared: int, mobile: tuple[str, ...]) -> tuple[str, ...]:
    notes = [said] if said else []
    if not balanced:
        notes.append("no whole charges make it neutral: the nearest to it were taken")
    if shared:
        notes.append(f"{shared} shared sites have the radius of their smallest ion")
    if mobile[0] not in ("Li", "Na"):
        notes.append(f"{mobile[0]} follows the rules of Na")
    return tuple(notes)


def _refuse_alternatives(found: Framework) -> None:
    """Atoms that cannot be there at once: nothing says which of them is."""
    from scipy.spatial import cKDTree

    places, of = found.spheres.images(1.0)
    near = cKDTree(places).query_pairs(CLOSEST, output_type="ndarray")
    if len(near):
        first, second = (str(found.symbols[of[i]]) for i in near[0])
        apart = float(np.linalg.norm(places[near[0][0]] - places[near[0][1]]))
        raise AnalysisProblem(
            f"its framework is disordered: {first} and {second} are {apart:.2f} Å apart"
        )
