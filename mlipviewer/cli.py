"""The command line: `list`, `info`, `run` and `probe` without a window; files alone open one.

Exit codes: 0 done, 1 bad input (one line on stderr), 2 wrong arguments, 3 cancelled.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from mlipviewer.core.analysis import Analysis, Inputs, Params, Result
    from mlipviewer.session.state import Input

DONE, BAD_INPUT, WRONG_ARGUMENTS, CANCELLED = 0, 1, 2, 3

USAGE = """\
mlipviewer [FILE[@a:b:c] ...]      open files in a window; @a:b:c takes some frames
mlipviewer list                    the analyses
mlipviewer info FILE [--json]      what a file holds
mlipviewer run NAME ...            an analysis without a window (run NAME --help)
mlipviewer convert IN OUT          a table in another format; errors of values
mlipviewer probe PATH FORMAT       how a file is read, as JSON
mlipviewer --version
"""

CHOICES = "what the table means, and steps: errors of values, seeds, joins (as for convert)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code; argparse itself exits with 0 or 2."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"list": _list, "info": _info, "run": _run, "probe": _probe, "convert": _convert}
    command = commands.get(words[0]) if words else None
    try:
        return command(words[1:]) if command else _window(words)
    except _BadInput as problem:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("cancelled", file=sys.stderr)
        return CANCELLED


class _BadInput(Exception):
    """What is wrong with a file, in one line."""


# -- the window


def _window(words: list[str]) -> int:
    from mlipviewer import __version__

    parser = argparse.ArgumentParser(
        prog="mlipviewer",
        usage="\n" + USAGE,
        description="Machine-learning interatomic potentials.",
    )
    parser.add_argument("--version", action="version", version=f"mlipviewer {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--example", action="store_true", help="open the shipped example")
    parser.add_argument("--screenshot", default="", metavar="PNG", help="picture it, then close")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system")
    given = parser.parse_args(words)
    # by name: the commands and the window are two doors, and neither is built on the other
    start = import_module("mlipviewer.app.main").main
    return int(start(given.files, given.example, given.screenshot, given.theme))


# -- list and info


def _list(words: list[str]) -> int:
    argparse.ArgumentParser(prog="mlipviewer list").parse_args(words)
    from mlipviewer.analysis import ANALYSES

    for analysis in ANALYSES.values():
        needs = " ".join(need.value for need in analysis.needs)
        print(f"{analysis.name:<14} {needs:<18} {analysis.about}")
    return DONE


def _info(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mlipviewer info")
    parser.add_argument("file", metavar="FILE[@a:b:c]")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(words)
    found = _description(options.file)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, default=str))
    else:
        _print_facts(found)
    return DONE


def _description(text: str) -> Mapping[str, Any]:
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.session.opening import sniff_kind, split_slice
    from mlipviewer.session.state import Kind

    path, _ = split_slice(text)
    try:
        if sniff_kind(Path(path)) is Kind.TRAJECTORY and Path(path).suffix.lower() != ".txt":
            from mlipviewer.io.trajectories import describe  # type: ignore[attr-defined,unused-ignore]

            return dict(describe(Path(path)))
        from mlipviewer.io.tables import read_table
        from mlipviewer.io.tables.facts import table_facts

        return table_facts(read_table(path))
    except ReadProblem as problem:
        raise _BadInput(str(problem)) from None


def _print_facts(facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name == "columns" and isinstance(value, list):
            _print_columns(value)
        elif isinstance(value, Mapping):
            for part, one in value.items():
                print(f"{name}.{part}: {_shown(one)}")
        else:
            print(f"{name}: {_shown(value)}")


def _print_columns(columns: list[Any]) -> None:
    for column in columns:
        if isinstance(column, Mapping):
            about = " ".join(str(v) for k, v in column.items() if k != "name" and v)
            print(f"column {column.get('name') or '(nameless)'}: {about}")
        else:
            print(f"column {column}")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value is None else str(value)


# -- run


def _run(words: list[str]) -> int:
    from mlipviewer.analysis import ANALYSES

    names = ", ".join(ANALYSES)
    if not words or words[0].startswith("-"):
        parser = argparse.ArgumentParser(prog="mlipviewer run")
        parser.add_argument("name", metavar="NAME", help=f"one of {names}; see run NAME --help")
        parser.parse_args(words)
    if words[0] not in ANALYSES:
        return _wrong(f"mlipviewer run: no analysis {words[0]!r}; there are {names}")
    analysis = ANALYSES[words[0]]
    parser = _parser_of(analysis)
    options = parser.parse_args(words[1:])
    return _Run(analysis, parser, options).all_of_it()


def _wrong(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG_ARGUMENTS


def _parser_of(analysis: Analysis) -> argparse.ArgumentParser:
    """Options for the inputs and outputs, and one for each parameter of the analysis."""
    from mlipviewer.analysis.options import add_options
    from mlipviewer.core.analysis import Needs

    parser = argparse.ArgumentParser(
        prog=f"mlipviewer run {analysis.name}", description=analysis.about, allow_abbrev=False
    )
    given: Any = parser.add_argument_group("inputs").add_argument
    if Needs.TABLE in analysis.needs:
        given("--table", metavar="[NAME=]FILE", action="append", default=[], required=True)
        given("--choices", metavar="JSON", action="append", default=[], help=CHOICES)
        given("--where", metavar="EXPR", default="", help="models, e.g. \"family == 'GAP'\"")
    if Needs.TRAJECTORY in analysis.needs:
        given("--trajectory", metavar="[NAME=]FILE[@a:b:c]", action="append", required=True)
        given("--frames", metavar="a:b:c", default="", help="some of the frames")
    if Needs.RUNS in analysis.needs:
        given("--links", metavar="FILE", required=True, help="runs of models: model,role,path")
    if Needs.ATOMS in analysis.needs:
        given("--atoms", metavar="EXPR", required=True, help="e.g. \"element == 'Li' and z > 5\"")
    add_options(parser.add_argument_group("parameters"), analysis.params)
    out: Any = parser.add_argument_group("outputs").add_argument
    out("--out", metavar="FILE", action="append", default=[], help="a .json, .csv or .parquet file")
    out("--out-table", metavar="NAME", help="which table goes into csv and parquet files")
    out("--figure", metavar="FILE", action="append", default=[], help="a .svg, .png or .pdf file")
    out("--plot", choices=tuple(analysis.plots), help="which plot the figure shows")
    return parser


@dataclass(frozen=True)
class _Run:
    """One run of an analysis from the command line."""

    analysis: Analysis
    parser: argparse.ArgumentParser
    options: argparse.Namespace

    def all_of_it(self) -> int:
        from mlipviewer.core.analysis import AnalysisProblem
        from mlipviewer.core.problem import ReadProblem
        from mlipviewer.core.progress import Cancelled, Progress
        from mlipviewer.io.tables.join import JoinProblem
        from mlipviewer.session.run_inputs import WrongArguments, inputs_of_command

        self._check_outputs()
        try:
            used, inputs = inputs_of_command(self.options)
            params = self._params()
            result = self.analysis.run(inputs, params, Progress())
            self._write(used, inputs, params, result)
        except WrongArguments as problem:
            self._wrong(str(problem))
        except (ReadProblem, AnalysisProblem, JoinProblem, OSError) as problem:
            raise _BadInput(_one_line(problem)) from None
        except Cancelled:
            return CANCELLED
        return DONE

    def _wrong(self, sentence: str) -> NoReturn:
        self.parser.error(sentence)

    def _check_outputs(self) -> None:
        """Wrong names of output files are told before the work, not after it."""
        kinds = (("out", (".json", ".csv", ".parquet")), ("figure", (".svg", ".png", ".pdf")))
        for option, suffixes in kinds:
            for path in getattr(self.options, option):
                if Path(path).suffix.lower() not in suffixes:
                    self._wrong(f"--{option} {path}: the file is one of {', '.join(suffixes)}")
                if not Path(path).absolute().parent.is_dir():
                    raise _BadInput(f"{path}: there is no such folder")
        if self.options.figure and not self.analysis.plots:
            self._wrong(f"{self.analysis.name} has no plot")

    def _params(self) -> Params:
        from mlipviewer.analysis.options import params_of

        return params_of(self.analysis.params, self.options)

    def _write(self, used: list[Input], inputs: Inputs, params: Params, result: Result) -> None:
        table = self._out_table(result)
        for path in self.options.out:
            if Path(path).suffix.lower() == ".json":
                _write_json(path, self.analysis.name, params, used, result)
            else:
                from mlipviewer.io.export import write_table

                try:
                    write_table(path, result.tables[table])
                except ImportError:
                    raise _BadInput(f"{path}: Parquet files need the package pyarrow") from None
        for path in self.options.figure:
            draw = self.analysis.plots[self.options.plot or next(iter(self.analysis.plots))]
            import_module("mlipviewer.gui.figure").save_plot(draw(inputs, params, result), path)
        _print_result(result)

    def _out_table(self, result: Result) -> str:
        name = self.options.out_table or next(iter(result.tables), "")
        if self.options.out_table and name not in result.tables:
            self._wrong(f"--out-table {name}: there are {', '.join(result.tables)}")
        return name


def _write_json(path: str, name: str, params: Params, used: list[Input], result: Result) -> None:
    from mlipviewer.io.export import result_as_json
    from mlipviewer.io.files import fingerprint, write_text
    from mlipviewer.session.step_words import words_of

    inputs: list[dict[str, Any]] = []
    for one in used:
        inputs.append({"name": one.name, "path": one.path, "fingerprint": fingerprint(one.path)})
        if said := words_of(one):
            inputs[-1]["choices"] = said
    write_text(path, result_as_json(name, params, inputs, result))


def _print_result(result: Result) -> None:
    for name, value in result.summary.items():
        print(f"{name}: {value}")
    for note in result.notes:
        print(f"note: {note}")


def _one_line(problem: Exception) -> str:
    if isinstance(problem, OSError):
        where = f"{problem.filename}: " if problem.filename else ""
        return f"{where}{problem.strerror or problem}"
    return " ".join(str(problem).split())


# -- convert and probe


def _convert(words: list[str]) -> int:
    return int(import_module("mlipviewer.session.converting").convert(words))


def _probe(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mlipviewer probe")
    parser.add_argument("path", metavar="PATH")
    parser.add_argument("format", metavar="FORMAT", help="e.g. table/csv, extxyz, lammps/dump")
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
    return dict(import_module("mlipviewer.io.probe").probe(path, kind))
