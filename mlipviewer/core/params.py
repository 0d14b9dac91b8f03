"""Parameters of analyses and computations: their defaults, help and bounds."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Params:
    """Parameters are a frozen dataclass of `param(...)` fields inheriting this."""


@dataclass(frozen=True)
class ParamHelp:
    """What a form and a command line need to know of one parameter."""

    text: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    plot: str = ""  # the only plot that it changes, where that is so
    in_panel: Any = None  # the default of a panel, which is to answer soon, where it is another
    formula: str = ""  # what is computed with it
    reference: str = ""  # where it comes from
    names: str = ""
    """What a text names: `metric`, `metrics`, `category`, `family`, `row` (any key; thresholds
    first), `model` (its key), `models`, `text` (a column of text), `texts`, `column` (per atom);
    `in`, `out`: the first and last frame of the played range, `shown` the shown frame."""


def explained(tell: ParamHelp) -> str:
    """All that is known of a parameter, as lines of a tool tip."""
    lines = [tell.text + (f" ({tell.unit})" if tell.unit else "")]
    if tell.low is not None and tell.high is not None:
        lines.append(f"from {tell.low:g} to {tell.high:g}")
    return "\n".join([*lines, *filter(None, (tell.formula, tell.reference))])


def param(default: Any, text: str, **about: Any) -> Any:
    """A dataclass field of Params: its default, one sentence of help, and see ParamHelp."""
    return field(default=default, metadata={"help": ParamHelp(text, **about)})


def param_help(params: type[Params]) -> dict[str, ParamHelp]:
    """The help of every parameter, in order."""
    return {f.name: f.metadata["help"] for f in fields(params)}


def panel_defaults(params: type[Params]) -> dict[str, Any]:
    """The defaults of a panel that are not those of the command line."""
    about = param_help(params)
    return {name: tell.in_panel for name, tell in about.items() if tell.in_panel is not None}


def param_defaults(params: type[Params]) -> dict[str, Any]:
    return {f.name: f.default for f in fields(params) if f.default is not MISSING}
