"""How atoms are drawn: a frozen value of the document, and its pure changes. Nothing draws here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

Rgb = tuple[int, int, int]
Place = tuple[float, float]

BONDS_AT_ONCE = 30_000
"""Atoms up to which bonds are found without being asked for."""

MOST_LABELLED = 500
"""Atoms up to which all of them are labelled; of more, only the selected ones."""

MOST_IMAGES = 9
"""Copies of the cell along one of its vectors."""


class Style(StrEnum):
    """How an atom is drawn."""

    SPHERES = "spheres"
    SPACE_FILL = "space-filling"
    BALL_AND_STICK = "ball and stick"
    STICKS = "sticks"
    POINTS = "points"

    @property
    def bonded(self) -> bool:
        """Whether bonds are part of it."""
        return self in (Style.BALL_AND_STICK, Style.STICKS)


class Lighting(StrEnum):
    """How depth is told: by light alone, with dark crevices, or with outlines and fog as well."""

    PLAIN = "plain"
    EXPLORE = "explore"
    PUBLICATION = "publication"


class Background(StrEnum):
    """What is behind the atoms: as the window, or always the same."""

    THEME = "as the window"
    WHITE = "white"
    DARK = "dark"


class Wrapping(StrEnum):
    """Where atoms are drawn that have left the cell."""

    AS_READ = "as in the file"
    WRAPPED = "wrapped into the cell"
    UNWRAPPED = "unwrapped"


@dataclass(frozen=True)
class SpeciesLook:
    """What a user changed of one species; None leaves what the theme says. `radius` is drawn, A."""

    name: str
    visible: bool = True
    colour: Rgb | None = None
    radius: float | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class ClassLook:
    """What a user changed of the atoms of one class (`name`) of a column."""

    column: str
    name: str
    visible: bool = True
    colour: Rgb | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class Bonds:
    """Atoms are bonded up to `factor` times the sum of their covalent radii.

    `lengths` (species, species, A) are the longest bonds of pairs that have their own; 0 for none.
    """

    shown: bool = False
    factor: float = 1.15
    lengths: tuple[tuple[str, str, float], ...] = ()
    radius: float = 0.12
    at_any_size: bool = False


@dataclass(frozen=True)
class Slice:
    """What lies before a plane is left out; with a `thickness` (A) also what lies far behind it.

    `normal` is Cartesian, or with `miller` the indices (h k l) of the cell's planes. `position`
    0..1 goes along it from where the drawn atoms begin to where they end.
    """

    on: bool = False
    normal: tuple[float, float, float] = (0.0, 0.0, 1.0)
    miller: bool = False
    position: float = 0.5
    thickness: float = 0.0


WHOLE = ((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True)
class Vectors:
    """Arrows of a column (n, 3), less the column `minus` if one is named: the error of forces.

    `scale` A is the arrow of length 1 of the column; shorter vectors than `threshold` are left out.
    `since` is the number of a frame: arrows are displacements since then.
    """

    column: str = ""
    minus: str = ""
    since: int | None = None
    scale: float = 1.0
    threshold: float = 0.0
    selected_only: bool = False
    legend: bool = True
    place: Place = (0.0, 0.78)  # of the legend of their lengths

    @property
    def shown(self) -> bool:
        return bool(self.column) or self.since is not None


@dataclass(frozen=True)
class Polyhedra:
    """Around atoms of the species `centre` those `ligand` atoms ('' for any) within `reach` A."""

    centre: str = ""
    ligand: str = ""
    reach: float = 2.5
    opacity: float = 0.6


@dataclass(frozen=True)
class Labels:
    """`what` is `id`, `species` or a column; `form` is as in printf, `%.2f eV`; size in points."""

    what: str = ""
    form: str = ""
    selected_only: bool = False
    size: int = 10


@dataclass(frozen=True)
class LegendLook:
    """`place` 0..1 is the upper left corner's share of the room it has; `form` as in printf;
    `every` is the distance of ticks of the bar, 0: as they fit."""

    shown: bool = True
    place: Place = (1.0, 1.0)
    form: str = ""
    every: float = 0.0


@dataclass(frozen=True)
class TextLook:
    """Words over the picture, a template as in core.template; `place` as that of the legend."""

    shown: bool = False
    form: str = "{frame} of {frames}   {time:.1f} ps"
    size: int = 11
    place: Place = (0.0, 0.07)


@dataclass(frozen=True)
class ScaleBar:
    """A bar of a round length; with perspective it holds where the view turns about."""

    shown: bool = False
    place: Place = (0.5, 1.0)


@dataclass(frozen=True)
class Looks:
    """How all panes of atoms are drawn. `radius` multiplies the radii of the style."""

    style: Style = Style.SPHERES
    radius: float = 1.0
    theme: str = "Jmol"
    species: tuple[SpeciesLook, ...] = ()
    classes: tuple[ClassLook, ...] = ()
    selected_opacity: float = 1.0
    bonds: Bonds = field(default_factory=Bonds)
    cell: bool = True
    axes: bool = True
    images: tuple[int, int, int] = (1, 1, 1)
    wrapping: Wrapping = Wrapping.AS_READ
    slice: Slice = field(default_factory=Slice)
    clip: tuple[tuple[float, float], ...] = WHOLE
    vectors: Vectors = field(default_factory=Vectors)
    polyhedra: Polyhedra = field(default_factory=Polyhedra)
    labels: Labels = field(default_factory=Labels)
    legend: LegendLook = field(default_factory=LegendLook)
    text: TextLook = field(default_factory=TextLook)
    scale_bar: ScaleBar = field(default_factory=ScaleBar)
    scenery: bool = True  # what results show among the atoms
    lighting: Lighting = Lighting.PLAIN
    background: Background = Background.THEME

    def of_species(self, name: str) -> SpeciesLook:
        """What was changed of a species; nothing, where nothing was."""
        return next((one for one in self.species if one.name == name), SpeciesLook(name))

    def of_class(self, column: str, name: str) -> ClassLook:
        """What was changed of a class; nothing, where nothing was."""
        found = (one for one in self.classes if (one.column, one.name) == (column, name))
        return next(found, ClassLook(column, name))

    @property
    def veiled(self) -> bool:
        """Whether some atoms let others be seen through them."""
        opacities = [one.opacity for one in self.species] + [one.opacity for one in self.classes]
        return min([self.selected_opacity, *opacities]) < 1


def with_style(looks: Looks, style: Style) -> Looks:
    """Another style, with bonds if they are part of it."""
    return replace(looks, style=style, bonds=replace(looks.bonds, shown=style.bonded))


def with_species(looks: Looks, one: SpeciesLook) -> Looks:
    """Another look of one species; one without any change is forgotten."""
    others = tuple(old for old in looks.species if old.name != one.name)
    changed = one != SpeciesLook(one.name)
    return replace(looks, species=(*others, one) if changed else others)


def with_class(looks: Looks, one: ClassLook) -> Looks:
    """Another look of one class; one without any change is forgotten."""
    key = (one.column, one.name)
    others = tuple(old for old in looks.classes if (old.column, old.name) != key)
    changed = one != ClassLook(*key)
    return replace(looks, classes=(*others, one) if changed else others)
