"""The settings of a user, each declared once: the pages of the preferences, the file and the
command line are made from this list. A setting more is one line here, and its use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Value = bool | int | float | str

PAGES = (
    "General",
    "Appearance",
    "3-D",
    "Plots",
    "Tables",
    "Colours",
    "Mouse",
    "Shortcuts",
    "Performance",
    "Files",
    "Plug-ins",
    "Updates",
    "Advanced",
)


@dataclass(frozen=True)
class Setting:
    """`name` is `table.key` in the file. The type of `default` is that of the value; of a text with
    `choices` one of them. `low` and `high` bound a number, in `unit`s. `when` says from when on a
    change holds, where that is not at once."""

    name: str
    page: str
    title: str
    default: Value
    about: str = ""
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    unit: str = ""
    when: str = ""

    def taken(self, value: object) -> Value:
        """The value as this setting has it. Raises ValueError with the reason."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{self.name} is true or false, not {value!r}")
            return value
        if isinstance(self.default, str):
            if not isinstance(value, str) or (self.choices and value not in self.choices):
                offered = f" of {', '.join(self.choices)}" if self.choices else ""
                raise ValueError(f"{self.name} is a text{offered}, not {value!r}")
            return str(value)
        return self._number(value)

    def _number(self, value: object) -> Value:
        whole = isinstance(self.default, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise ValueError(f"{self.name} is a {'whole ' if whole else ''}number, not {value!r}")
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is {self.low:g} to {self.high:g}, not {value:g}")
        return int(value) if whole else float(value)


RELEASES = ""
"""The address that tells the newest release, for builds that are published (session/updates.py says
in which forms); empty: nobody is asked."""

NEW, RESTART = "for windows opened from now on", "after a restart"
MAPS = ("viridis", "cividis", "plasma", "inferno", "coolwarm", "balance", "phase")
STYLES = ("spheres", "space-filling", "ball and stick", "sticks", "points")

SETTINGS: tuple[Setting, ...] = (
    Setting("general.restore", "General", "Offer what a crash left", True, "At the start."),
    Setting(
        "general.recent", "General", "Recent files kept", 15, "Ten sessions are kept beside them.",
        low=0, high=100,
    ),
    Setting(
        "general.notify", "General", "Tell the desktop when long work ends", True,
        "Of more than 10 seconds, while another window is in front.",
    ),
    Setting(
        "appearance.theme", "Appearance", "Theme", "system",
        "The system's own follows it from light to dark, and to high contrast.",
        choices=("system", "light", "dark", "high contrast"),
    ),
    Setting(
        "appearance.scale", "Appearance", "Size of everything", 100,
        "Text, controls and plots; beside what the system enlarges.",
        low=80, high=200, unit="%", when=RESTART,
    ),
    Setting(
        "appearance.reduced_motion", "Appearance", "Reduced motion", False,
        "Menus, lists and docks appear at once, no bar sweeps, no cursor blinks. Holds, too, where "
        "the system asks for it.",
    ),
    Setting(
        "atoms.background", "3-D", "Background", "as the window",
        choices=("as the window", "white", "dark"), when=NEW,
    ),
    Setting("atoms.style", "3-D", "Style of atoms", "spheres", choices=STYLES, when=NEW),
    Setting(
        "atoms.elements", "3-D", "Colours of elements", "Jmol", choices=("Jmol", "VESTA"), when=NEW
    ),
    Setting(
        "atoms.lighting", "3-D", "Lighting", "plain",
        "Explore darkens crevices; publication adds outlines and fog.",
        choices=("plain", "explore", "publication"), when=NEW,
    ),
    Setting(
        "atoms.hover", "3-D", "Rest before the card of an atom shows", 120,
        low=0, high=2000, unit="ms", when=NEW,
    ),
    Setting(
        "plots.tool", "Plots", "Drag draws a", "rectangle", choices=("rectangle", "lasso", "zoom"),
        when="for plots opened from now on",
    ),
    Setting(
        "plots.hover", "Plots", "Rest before the card of a point shows", 120,
        low=0, high=2000, unit="ms", when="for plots opened from now on",
    ),
    Setting("tables.shade", "Tables", "Shade cells by rank", False, when=NEW),
    Setting("tables.group", "Tables", "Group metrics by category", False, when=NEW),
    Setting(
        "colours.map", "Colours", "Colours of values", "viridis",
        "All are perceptually uniform; below is how they look with other colour vision.",
        choices=MAPS, when=NEW,
    ),
    Setting(
        "mouse.preset", "Mouse", "Buttons in 3-D as in", "OVITO",
        "OVITO: left turns, right and middle move. ASE: right turns, middle moves, left selects. "
        "Zoom by drag: left turns, middle moves, right zooms. Trackpad: left turns, two fingers "
        "move, pinching or Alt zooms. With the others scrolling zooms, and moves with Alt.",
        choices=("OVITO", "ASE", "zoom by drag", "trackpad"),
    ),
    Setting("mouse.reversed", "Mouse", "Wheel zooms the other way", False),
    Setting(
        "mouse.speed", "Mouse", "Speed of the wheel", 1.0, low=0.2, high=5.0, unit="x"
    ),
    Setting(
        "memory.frames", "Performance", "Memory for frames that were read", 0,
        "0 is an eighth of this computer's memory.", low=0, high=4_000_000, unit="MB",
    ),
    Setting(
        "performance.opengl", "Performance", "Draw atoms with the graphics card", True,
        "Without it the processor draws: slower, and the same picture everywhere.", when=NEW,
    ),
    Setting(
        "files.unpack", "Files", "Limit of compressed files", 0,
        "To how much one may unpack; 0: 4 GB and 200 times its own size, bz2 and xz 1 GB. "
        "A damaged or hostile file may claim any size.",
        low=0, high=100_000, unit="GB", when="for files opened from now on",
    ),
    Setting(
        "files.native", "Files", "The system's own file dialogs", True,
        "Else those of the toolkit, which are alike on every system.",
    ),
    Setting(
        "updates.check", "Updates", "Look for a new version at the start", False,
        "At most once a day the address below is asked for its newest release. Nothing but the "
        "request is sent, not even your version; nothing is downloaded or installed.",
    ),
    Setting(
        "updates.address", "Updates", "Address of releases", RELEASES,
        "Empty: nobody is asked.",
    ),
    # on no page: what a dialog keeps of its own
    Setting("figures.look", "", "How the last figure was to look", ""),
    Setting("movies.look", "", "Size and quality of the last movie", ""),
    Setting("frames.format", "", "In which format frames were exported last", ""),
)  # fmt: skip

_BY_NAME = {one.name: one for one in SETTINGS}


def setting(name: str) -> Setting:
    """The declared setting of a name. Raises KeyError."""
    return _BY_NAME[name]


def of_page(page: str) -> tuple[Setting, ...]:
    return tuple(one for one in SETTINGS if one.page == page)


def matching(words: str, settings: Iterable[Setting] = SETTINGS) -> tuple[Setting, ...]:
    """Those of the pages in which every one of the words occurs."""
    asked = words.lower().split()

    def told(one: Setting) -> str:
        return " ".join((one.page, one.title, one.about, one.name, *one.choices)).lower()

    return tuple(one for one in settings if one.page and all(word in told(one) for word in asked))
