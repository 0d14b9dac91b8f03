"""`mlipviewer convert IN OUT`: a table in another format, made wide, or errors of values."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mlipviewer.analysis.methods.errors_of_values import KINDS, errors_of_values
from mlipviewer.analysis.methods.replicates import HOW, combine_replicates
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.order import shown_models
from mlipviewer.core.problem import Note, QueryProblem, ReadProblem
from mlipviewer.core.rows import all_rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.io.export import write_rows
from mlipviewer.session.commands.read_files import refuse_what_is_read
from mlipviewer.session.opening import read_stages
from mlipviewer.session.step_words import table_input

DONE, BAD_INPUT = 0, 1
FORMATS = (".csv", ".parquet")


def convert(words: Sequence[str]) -> int:
    """Read, change and write a table as the words of a command line ask. Returns the exit code."""
    options = _parser().parse_args(words)
    if Path(options.out).suffix.lower() not in FORMATS:
        sys.stderr.write(f"{options.out}: tables are written as {' or '.join(FORMATS)}\n")
        return BAD_INPUT
    try:
        if not options.file:
            raise ReadProblem("no file is named")
        refuse_what_is_read(options.out, filter(None, (options.file, options.choices)))
        table = converted(options)
        wanted = options.where.strip()
        rows = shown_models(table, wanted) if wanted else all_rows(table.n_rows)
        write_rows(options.out, table, rows)
    except (ReadProblem, AnalysisProblem, QueryProblem, OSError, ValueError) as problem:
        sys.stderr.write(" ".join(str(problem).split()) + "\n")
        return BAD_INPUT
    sys.stdout.write(f"{len(rows)} rows x {len(table.metrics)} metrics: {options.out}\n")
    for note in table.notes:
        sys.stdout.write(f"note: {_line(note)}\n")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlipviewer convert", description="A table in another format, or errors of values."
    )
    parser.add_argument("file", metavar="IN", help="a table of any kind, or a folder of YAML")
    parser.add_argument("out", metavar="OUT", help="a .csv or .parquet file")
    told = "decisions about the table and steps, as JSON"
    parser.add_argument("--choices", metavar="FILE", help=told)
    parser.add_argument("--where", metavar="EXPR", default="", help='models, e.g. "C11 < 5"')
    parser.add_argument("--errors", choices=KINDS, help="errors of values; needs --reference")
    parser.add_argument("--reference", metavar="KEY", help="the row of true values")
    parser.add_argument("--replicates", choices=HOW, help="one row for several seeds; needs --by")
    parser.add_argument("--by", metavar="A,B", default="", help="columns that name a model")
    return parser


def converted(options: argparse.Namespace) -> ErrorTable:
    """The table that is asked for. Raises ReadProblem, AnalysisProblem."""
    one = table_input(options.file, Path(options.file).stem, options.choices)
    table = read_stages(one)[-1]
    if options.errors:
        if not options.reference:
            raise AnalysisProblem("--errors needs --reference, the key of the row of true values")
        table = errors_of_values(table, options.reference, options.errors)
    if options.replicates:
        by = [name.strip() for name in options.by.split(",") if name.strip()]
        table = combine_replicates(table, by, options.replicates)
    return table


def _line(note: Note) -> str:
    return " ".join(str(note).split())
