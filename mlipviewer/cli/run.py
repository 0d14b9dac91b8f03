"""`mlipviewer run NAME`: an analysis without a window."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from mlipviewer.cli.codes import CANCELLED, DONE, BadInput, one_line, wrong

if TYPE_CHECKING:
    from mlipviewer.core.analysis import Analysis, Inputs, Params, Result
    from mlipviewer.session.inputs import Input


SCHEDULER = "compute frames by the workers of this Dask scheduler, as tcp://host:8786"
FILES = "structures, or folders of them: one row each in a table that opens as one"
CHOICES = "what the table means, and steps: errors of values, seeds, joins (as for convert)"


def run(words: list[str]) -> int:
    """Run an analysis as the words of a command line ask. Returns the exit code."""
    from mlipviewer.analysis import ANALYSES

    names = ", ".join(ANALYSES)
    if not words or words[0].startswith("-"):
        parser = argparse.ArgumentParser(prog="mlipviewer run")
        parser.add_argument("name", metavar="NAME", help=f"one of {names}; see run NAME --help")
        parser.parse_args(words)
    if words[0] not in ANALYSES:
        return wrong(f"mlipviewer run: no analysis {words[0]!r}; there are {names}")
    analysis = ANALYSES[words[0]]
    parser = _parser_of(analysis)
    options = parser.parse_args(words[1:])
    return _Run(analysis, parser, options).all_of_it()


def _parser_of(analysis: Analysis) -> argparse.ArgumentParser:
    """Options for the inputs and outputs, and one for each parameter of the analysis."""
    from mlipviewer.analysis.options import add_options
    from mlipviewer.core.analysis import Needs
    from mlipviewer.session.commands.trajectory_options import add_time_options

    parser = argparse.ArgumentParser(
        prog=f"mlipviewer run {analysis.name}", description=analysis.about, allow_abbrev=False
    )
    given: Any = parser.add_argument_group("inputs").add_argument
    needed = not analysis.either
    if Needs.TABLE in analysis.needs:
        given("--table", metavar="[NAME=]FILE", action="append", default=[], required=needed)
        given("--choices", metavar="JSON", action="append", default=[], help=CHOICES)
        given("--where", metavar="EXPR", default="", help="models, e.g. \"family == 'GAP'\"")
    if Needs.TRAJECTORY in analysis.needs:
        alone = needed and not analysis.files
        given("--trajectory", metavar="[NAME=]FILE[@a:b:c]", action="append", required=alone)
        parser.set_defaults(overlay=analysis.overlay)
        given("--scheduler", metavar="ADDRESS", default="", help=SCHEDULER)
        given("--frames", metavar="a:b:c", default="", help="some of the frames")
        add_time_options(given)
    if analysis.files:
        given("files", nargs="*", metavar="FILE", help=FILES)
    if Needs.RUNS in analysis.needs:
        given("--links", metavar="FILE", required=True, help="runs of models: model,role,path")
    if Needs.ATOMS in analysis.needs:
        given("--atoms", metavar="EXPR", required=True, help="e.g. \"element == 'Li' and z > 5\"")
    elif analysis.on_atoms:
        given("--atoms", metavar="EXPR", default="", help="these alone; all when it is not given")
    if analysis.compares:
        parser.set_defaults(compares=True)
        given(
            "--reference",
            metavar="FILE[@a:b:c]",
            help="the same frames with reference forces; for hops a structure of sites",
        )
    add_options(parser.add_argument_group("parameters"), analysis.params)
    _add_outputs(parser.add_argument_group("outputs").add_argument, analysis)
    return parser


def _add_outputs(out: Any, analysis: Analysis) -> None:
    out("--out", metavar="FILE", action="append", default=[], help="a .json, .csv or .parquet file")
    out("--out-table", metavar="NAME", help="which table goes into csv and parquet files")
    kinds = "a .svg, .pdf, .png or .tiff file"
    out("--figure", metavar="FILE", action="append", default=[], help=kinds)
    out("--figure-size", default="", metavar="WxH", help="in mm, e.g. 85x64")
    out("--figure-font", type=float, default=9.0, metavar="PT", help="size of text in points")
    out("--dpi", type=int, default=300, metavar="N", help="dots per inch of pictures")
    out("--transparent", action="store_true", help="without a background")
    out("--plot", choices=tuple(analysis.plots), help="which plot the figure shows")


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
        from mlipviewer.session.commands.read_files import files_read
        from mlipviewer.session.commands.run_inputs import (
            WrongArguments,
            closing_engine,
            inputs_of_command,
        )

        self._check_outputs()
        if getattr(self.options, "files", ()):
            return self._all_files()
        if self.analysis.files and not self.options.trajectory:
            self._wrong("name files or folders, or one --trajectory")
        try:
            used, inputs = inputs_of_command(self.options)
            self._keep_what_is_read(files_read(inputs, used))
            params = self._params()
            with closing_engine(inputs):
                result = self.analysis.run(inputs, params, Progress())
            told = self._write(used, inputs, params, result)
        except WrongArguments as problem:
            self._wrong(str(problem))
        except (ReadProblem, AnalysisProblem, JoinProblem, OSError) as problem:
            raise BadInput(one_line(problem)) from None
        except Cancelled:
            return CANCELLED
        _print_result(told)
        return DONE

    def _all_files(self) -> int:
        """A table with a row for each file."""
        from mlipviewer.core.problem import ReadProblem
        from mlipviewer.core.progress import Progress
        from mlipviewer.session.batches import batch, batch_result, structure_files, write_batch
        from mlipviewer.session.inputs import Input, Kind

        if self.options.trajectory or self.options.figure:
            self._wrong("--trajectory and --figure are of one structure, not of files")
        try:
            files = structure_files(self.options.files)
            self._keep_what_is_read(files)
            rows = batch(self.analysis, self._params(), files, Progress())
            result = batch_result(self.analysis, rows)
            read = [row.path for row in rows if row.n_atoms is not None]
            used = [Input(Path(path).name, path, Kind.TRAJECTORY) for path in read]
            for path in self.options.out:
                if Path(path).suffix.lower() == ".json":
                    _write_json(path, self.analysis.name, self._params(), used, result)
                else:
                    write_batch(path, self.analysis, rows)
        except (ReadProblem, OSError, ValueError) as problem:
            raise BadInput(one_line(problem)) from None
        _print_result(result)
        return DONE

    def _wrong(self, sentence: str) -> NoReturn:
        self.parser.error(sentence)

    def _check_outputs(self) -> None:
        """Wrong names of output files are told before the work, not after it."""
        kinds = (
            ("out", (".json", ".csv", ".parquet")),
            ("figure", (".svg", ".png", ".pdf", ".tiff", ".tif")),
        )
        for option, suffixes in kinds:
            for path in getattr(self.options, option):
                if Path(path).suffix.lower() not in suffixes:
                    self._wrong(f"--{option} {path}: the file is one of {', '.join(suffixes)}")
                if not Path(path).absolute().parent.is_dir():
                    raise BadInput(f"{path}: there is no such folder")
        self._look()
        if self.options.figure and not self.analysis.plots:
            self._wrong(f"{self.analysis.name} has no plot")

    def _keep_what_is_read(self, files: Iterable[str]) -> None:
        """Raises ReadProblem where a file would be written over that is read."""
        from mlipviewer.session.commands.read_files import refuse_what_is_read

        given = self.options
        named = (getattr(given, "links", None), *getattr(given, "choices", ()))
        read = [*files, *filter(None, named)]
        for out in (*given.out, *given.figure):
            refuse_what_is_read(out, read)

    def _params(self) -> Params:
        from mlipviewer.analysis.options import params_of

        return params_of(self.analysis.params, self.options)

    def _write(self, used: list[Input], inputs: Inputs, params: Params, result: Result) -> Result:
        """Write what is asked for; what is to be printed."""
        from mlipviewer.session.commands.result_files import with_notes

        table, told = self._out_table(result), with_notes(inputs, result)
        for path in self.options.out:
            if Path(path).suffix.lower() == ".json":
                _write_json(path, self.analysis.name, params, used, told)
            else:
                from mlipviewer.io.export import write_table

                try:
                    write_table(path, result.tables[table])
                except ImportError:
                    raise BadInput(f"{path}: Parquet files need the package pyarrow") from None
        for path in self.options.figure:
            draw = self.analysis.plots[self.options.plot or next(iter(self.analysis.plots))]
            figure = draw(inputs, params, result)
            import_module("mlipviewer.gui.figure").save_plot(figure, path, look=self._look())
        return told

    def _look(self) -> Any:
        """How figures are to look; None for the usual."""
        from mlipviewer.gui.figure_look import FigureLook, with_size

        given = self.options
        look = FigureLook(font=given.figure_font, dpi=given.dpi, transparent=given.transparent)
        try:
            look = with_size(look, given.figure_size) if given.figure_size else look
        except ValueError as problem:
            self._wrong(f"--figure-size {problem}")
        if look.problem:
            self._wrong(look.problem)
        return None if look == FigureLook() else look

    def _out_table(self, result: Result) -> str:
        name = self.options.out_table or next(iter(result.tables), "")
        if self.options.out_table and name not in result.tables:
            self._wrong(f"--out-table {name}: there are {', '.join(result.tables)}")
        return name


def _write_json(path: str, name: str, params: Params, used: list[Input], result: Result) -> None:
    from mlipviewer.io.files import write_text
    from mlipviewer.session.commands.result_files import result_text

    write_text(path, result_text(name, params, used, result))


def _print_result(result: Result) -> None:
    for name, value in result.summary.items():
        print(f"{name}: {value}")
    for note in result.notes:
        print(f"note: {note}")
