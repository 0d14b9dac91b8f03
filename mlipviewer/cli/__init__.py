"""The command line: its commands (`COMMANDS`) do without a window; files alone open one.

Exit codes: 0 done, 1 bad input (one line on stderr), 2 wrong arguments, 3 cancelled.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from mlipviewer.cli.codes import BAD_INPUT, CANCELLED, DONE, WRONG_ARGUMENTS, BadInput, one_line
from mlipviewer.core.children import end_with_parent
from mlipviewer.core.own_program import be_worker

__all__ = ["BAD_INPUT", "CANCELLED", "DONE", "WRONG_ARGUMENTS", "main"]

USAGE = """\
mlipviewer [FILE[@a:b:c] ...]      open files in a window; @a:b:c takes some frames
mlipviewer list [--plugins]        the analyses, or what other packages add
mlipviewer info FILE [--json]      what a file holds
mlipviewer run NAME ...            an analysis without a window (run NAME --help)
mlipviewer convert IN OUT          a table or a trajectory in another format
mlipviewer campaign ...            train and judge an ensemble of potentials (campaign --help)
mlipviewer movie SESSION --out F   a movie of what a session shows
mlipviewer figure SESSION --out F  a view or a composite figure of a session (figure --help)
mlipviewer snapshot SESSION --out F   one HTML file: table, plots and atoms, linked
mlipviewer probe PATH FORMAT       how a file is read, as JSON
mlipviewer --version

mlipviewer --new-window ...        a window of its own beside one that runs
mlipviewer --safe-mode             no plug-ins, no graphics card, the usual layout
mlipviewer --reset                 puts all settings aside and begins with the usual ones
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code; argparse itself exits with 0 or 2."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    end_with_parent()
    if len(words) == 2 and words[0] == "--worker":
        return be_worker(words[1])
    command = COMMANDS.get(words[0]) if words else None
    try:
        return _printed(command, words)
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("cancelled", file=sys.stderr)
        return CANCELLED
    except _NotPrinted as problem:
        print(problem, file=sys.stderr, end="\n" if str(problem) else "")
        return BAD_INPUT


class _NotPrinted(Exception):
    """Why what a command says cannot be printed; nothing where nobody reads on."""


def _printed(command: Callable[[list[str]], int] | None, words: list[str]) -> int:
    """Run a command, and see to it that all it says is printed. Raises _NotPrinted."""
    from mlipviewer.session.settings.values import heed_settings_at_start

    try:
        try:
            heed_settings_at_start()
            return command(words[1:]) if command else _window(words)
        finally:
            if sys.stdout is not None:  # a window has none on Windows
                sys.stdout.flush()
    except BrokenPipeError:
        _print_no_more()
        raise _NotPrinted from None
    except OSError as problem:
        _print_no_more()
        raise _NotPrinted(one_line(problem)) from None


def _print_no_more() -> None:
    """What is left is not tried again when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- the window


def _window(words: list[str]) -> int:
    from mlipviewer import __version__

    parser = argparse.ArgumentParser(
        prog="mlipviewer",
        usage="\n" + USAGE,
        description="Machine-learning interatomic potentials.",
    )
    parser.add_argument("--version", action="version", version=f"mlipviewer {__version__}")
    parser.add_argument("--new-window", action="store_true", help="even if one runs already")
    parser.add_argument("--safe-mode", action="store_true", help="nothing but the program itself")
    parser.add_argument("--reset", action="store_true", help="put all settings aside")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--example", action="store_true", help="open the shipped example")
    parser.add_argument("--screenshot", default="", metavar="PNG", help="picture it, then close")
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.session.commands.trajectory_options import add_time_options, choices_of
    from mlipviewer.session.settings.listing import setting

    themes = setting("appearance.theme").choices
    parser.add_argument("--theme", choices=themes, default="", help="else as in the preferences")
    add_time_options(parser.add_argument)
    given = parser.parse_args(words)
    # by name: the commands and the window are two doors, and neither is built on the other
    start = import_module("mlipviewer.app.main").main
    if given.reset:
        _reset()
    try:
        choices = choices_of(given)
    except ReadProblem as problem:
        raise BadInput(str(problem)) from None
    said = (given.files, given.example, given.screenshot, given.theme, choices)
    return int(start(*said, given.new_window, given.safe_mode))


def _reset() -> None:
    from mlipviewer.session.settings.places import put_aside

    try:
        aside = put_aside()
    except OSError as problem:
        raise BadInput(f"the settings could not be put aside: {problem}") from None
    print(f"settings put aside: {aside}" if aside else "there are no settings to put aside")


# -- the other commands


def _list(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mlipviewer list")
    parser.add_argument("--plugins", action="store_true", help="what other packages add instead")
    if parser.parse_args(words).plugins:
        return _list_plugins()
    from mlipviewer.analysis import ANALYSES

    for analysis in ANALYSES.values():
        needs = " ".join(need.value for need in analysis.needs)
        print(f"{analysis.name:<14} {needs:<18} {analysis.about}")
    return DONE


def _list_plugins() -> int:
    from mlipviewer.session.settings.plugin_list import all_plugins, none_said, said_of

    for one in all_plugins():
        package = f"{one.package} {one.version}".strip()
        print(f"{one.name:<14} {one.kind.word:<12} {package:<24} {said_of(one)}")
    if not all_plugins():
        print(none_said())
    return DONE


def _info(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.info").info(words))


def _run(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.run").run(words))


def _convert(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.convert").convert(words))


def _movie(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.movie").movie(words))


def _figure(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.figure").figure(words))


def _snapshot(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.snapshot").snapshot(words))


def _campaign(words: list[str]) -> int:
    return int(import_module("mlipviewer.cli.campaign").campaign(words))


def _probe(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mlipviewer probe")
    parser.add_argument("path", metavar="PATH")
    parser.add_argument(
        "format", metavar="FORMAT", help="e.g. table/csv, extxyz, lammps/dump, session"
    )
    options = parser.parse_args(words)
    import time

    start = time.perf_counter()
    found = dict(_probed(options.path, options.format))
    found.setdefault("seconds", round(time.perf_counter() - start, 3))
    print("@@" + json.dumps(found, ensure_ascii=False, default=str))
    return DONE


def _probed(path: str, kind: str) -> Mapping[str, Any]:
    if kind.startswith("table"):
        from mlipviewer.io.tables.probe import probe_table

        return probe_table(path)
    if kind.startswith("session"):
        from mlipviewer.session.saving.probe import probe_session

        return probe_session(path)
    return dict(import_module("mlipviewer.io.probe").probe(path, kind))


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "list": _list,
    "info": _info,
    "run": _run,
    "convert": _convert,
    "probe": _probe,
    "campaign": _campaign,
    "movie": _movie,
    "figure": _figure,
    "snapshot": _snapshot,
}
