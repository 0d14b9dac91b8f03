"""The parameters of an analysis as options of a command line."""

from __future__ import annotations

import argparse
import csv
from typing import Any

from mlipviewer.core.analysis import ParamHelp, Params, param_defaults, param_help


def add_options(group: Any, params: type[Params]) -> None:
    """Add to a group of an ArgumentParser one option for each parameter, `keep_x` as `--keep-x`."""
    defaults = param_defaults(params)
    for name, about in param_help(params).items():
        _add_option(group, name, defaults.get(name), about)


def params_of(params: type[Params], options: argparse.Namespace) -> Params:
    """The parameters that were given, and the defaults of the others."""
    return params(**{name: getattr(options, name) for name in param_help(params)})


def _add_option(group: Any, name: str, default: Any, about: ParamHelp) -> None:
    flag = "--" + name.replace("_", "-")
    shown = ",".join(default) if isinstance(default, tuple) else default
    unit = f"{about.unit}, " if about.unit else ""
    text = f"{about.text} [{unit}default: {'none' if shown in ('', None) else shown}]"
    text = text.replace("%", "%%")
    if isinstance(default, bool):
        group.add_argument(
            flag, action=argparse.BooleanOptionalAction, default=default, help=about.text
        )
    elif isinstance(default, tuple):
        group.add_argument(flag, type=names_of, default=default, metavar="A,B", help=text)
    elif about.choices:
        group.add_argument(flag, choices=about.choices, default=default, help=text)
    elif isinstance(default, int | float):
        kind = _number(type(default), about.low, about.high)
        group.add_argument(flag, type=kind, default=default, metavar="N", help=text)
    else:
        group.add_argument(flag, default=default, metavar="NAME", help=text)


def names_of(text: str) -> tuple[str, ...]:
    """`a,b`; names that hold a comma stand in double quotes."""
    return tuple(name.strip() for name in next(csv.reader([text]), []) if name.strip())


def _number(kind: type, low: float | None, high: float | None) -> Any:
    def read(text: str) -> Any:
        value = kind(text)
        # written so that NaN is outside
        if not ((low is None or value >= low) and (high is None or value <= high)):
            raise argparse.ArgumentTypeError(f"{text} is outside {low} to {high}")
        return value

    read.__name__ = kind.__name__
    return read
