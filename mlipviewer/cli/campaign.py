"""`mlipviewer campaign ...`: train an ensemble of potentials and judge it, without a window."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlipviewer.cli.codes import CANCELLED, DONE, BadInput, one_line

if TYPE_CHECKING:
    from mlipviewer.campaign.engines import Engine
    from mlipviewer.campaign.folder import Folder
    from mlipviewer.campaign.journal import Entry
    from mlipviewer.campaign.plan import Plan
    from mlipviewer.campaign.runner import Counts, Run

ABOUT = """\
new DESIGN.toml                  write a design to begin with
run DESIGN.toml                  do what a design says; what is done already is not done again
resume DESIGN.toml               go on with a campaign that was begun, as its folder says
status DESIGN.toml               how far it is
stop DESIGN.toml                 have the process that runs it end; resume goes on
export DESIGN.toml               write the table of what is known so far
evaluate DESIGN.toml NAME MODEL  judge one existing model, and add it to the table
script DESIGN.toml               print the job that brings workers from a cluster's queue
environment [NAME]               list the environments of heavy families, or make one
"""
TOLD_EVERY = 10.0
SCHEDULER = "of a Dask scheduler; or slurm, pbs, lsf, sge: workers are jobs of that queue"
WORDS = {"evaluate": ("DESIGN.toml", "NAME", "MODEL"), "environment": ("[NAME]",)}
"""What a command is given, where that is not a design alone."""


def campaign(words: list[str]) -> int:
    """Run a campaign command. Returns the exit code."""
    from mlipviewer.campaign.failure import DesignProblem, Failed
    from mlipviewer.cli.campaign_cluster import script
    from mlipviewer.cli.campaign_models import environment, evaluate
    from mlipviewer.core.problem import ReadProblem
    from mlipviewer.core.progress import Cancelled

    parser = _parser()
    options = parser.parse_args(words)
    wanted = WORDS.get(options.command, ("DESIGN.toml",))
    if len(options.words) != len(wanted) and not (wanted[0] == "[NAME]" and not options.words):
        parser.error(f"{options.command} is followed by {' '.join(wanted)}")
    options.design = options.words[0] if options.words else ""
    commands = {
        "new": _new,
        "run": _run,
        "resume": _run,
        "status": _status,
        "stop": _stop,
        "export": _export,
        "evaluate": evaluate,
        "environment": environment,
        "script": script,
    }
    try:
        return commands[options.command](options)
    except Cancelled:
        print("stopped; resume goes on where it was")
        return CANCELLED
    except (DesignProblem, Failed, ReadProblem, OSError) as problem:
        raise BadInput(one_line(problem)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlipviewer campaign",
        description="Sample, train and judge potentials; the result is a table of errors.",
        epilog=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command",
        choices=tuple(line.split()[0] for line in ABOUT.splitlines()),
    )
    parser.add_argument("words", metavar="DESIGN.toml", nargs="*", help="see below")
    parser.add_argument("--folder", default="", help="of the campaign; else NAME.campaign here")
    parser.add_argument("--scheduler", metavar="ADDRESS", default="", help=SCHEDULER)
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="processes on this machine"
    )
    parser.add_argument("--retry-failed", action="store_true", help="try again what has failed")
    parser.add_argument("--json", action="store_true", help="status as JSON")
    parser.add_argument("--families", default="", help="of a new design, joined by commas")
    parser.add_argument("--models", type=int, default=4, help="of each family in a new design")
    parser.add_argument("--remove", action="store_true", help="an environment")
    parser.add_argument("--settings", default="", help="of an evaluated model, as JSON")
    return parser


def _new(options: argparse.Namespace) -> int:
    from mlipviewer.campaign import FAMILIES
    from mlipviewer.campaign.failure import DesignProblem
    from mlipviewer.campaign.starting import new_design
    from mlipviewer.io.files import write_text

    path = Path(options.design)
    if path.exists():
        raise DesignProblem(f"{path} exists already")
    usual = [name for name, one in FAMILIES.items() if not one.environment]
    names = [one for one in options.families.split(",") if one] or usual
    unknown = [one for one in names if one not in FAMILIES]
    if unknown:
        raise DesignProblem(f"family {unknown[0]!r} is none of {', '.join(FAMILIES)}")
    write_text(path, new_design(path.stem, names, max(options.models, 1)))
    print(f"{path}: {len(names)} families; mlipviewer campaign run {path}")
    return DONE


def folder_of_options(options: argparse.Namespace) -> Folder:
    from mlipviewer.campaign.folder import folder_of

    return folder_of(Path(options.design), options.folder)


def _begun_plan(options: argparse.Namespace) -> Plan:
    """The plan of a campaign that was begun, as its own folder says."""
    from mlipviewer.campaign.folder import design_in
    from mlipviewer.campaign.plan import Plan

    folder = folder_of_options(options)
    return Plan(design_in(folder), folder)


def _run(options: argparse.Namespace) -> int:
    from mlipviewer.campaign.design_file import read_design
    from mlipviewer.campaign.driving import not_running
    from mlipviewer.campaign.folder import begun
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.campaign.plan import Plan

    folder = folder_of_options(options)
    not_running(folder)
    if options.command == "run":
        design = read_design(options.design)
        Plan(design, folder)  # says what is wrong before anything is made
        begun(folder, design, Path(options.design))
    plan = _begun_plan(options)
    with Journal(plan.folder.journal) as journal:
        if options.retry_failed:
            print(f"{journal.forget_failed()} failed results are tried again")
        engine = engine_of(options)
        try:
            _go(plan, journal, engine)
        finally:
            engine.close()
    return DONE


def engine_of(options: argparse.Namespace) -> Engine:
    from mlipviewer.campaign.engines import Cluster, Here
    from mlipviewer.campaign.job_queues import QUEUES, Queue, queue_of

    if not options.scheduler:
        return Here(max(options.workers, 1))
    if options.scheduler not in QUEUES:
        return Cluster(options.scheduler)
    return Queue(queue_of(options.scheduler, folder_of_options(options)), max(options.workers, 1))


def _go(plan: Plan, journal: Any, engine: Engine) -> None:
    from mlipviewer.campaign.driving import drive

    run = drive(plan, journal, engine, teller(plan, engine.room))
    print(_said(counts_of_run(plan, run), engine.room))
    print(f"{_models(plan, run)} models x {len(plan.metrics)} metrics: {plan.folder.table}")


def _models(plan: Plan, run: Run) -> int:
    return sum(1 for _ in plan.models(run.known))


def counts_of_run(plan: Plan, run: Run) -> Counts:
    from mlipviewer.campaign.runner import counts_of

    return counts_of(plan, run.known)


def teller(plan: Plan, room: int) -> Callable[[Run, Entry], None]:
    """Says what fails, and now and then how far it is."""
    last = time.monotonic()

    def told(run: Run, entry: Entry) -> None:
        nonlocal last
        if not entry.good:
            print(f"failed: {entry.model or 'set'} {entry.name}: {entry.reason}", file=sys.stderr)
        if time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            print(_said(counts_of_run(plan, run), room), flush=True)

    return told


def _said(counts: Counts, room: int) -> str:
    from mlipviewer.campaign.estimate import duration

    failed = sum(counts.failed.values())
    parts = [f"{kind} {counts.done[kind]}/{n}" for kind, n in counts.totals.items() if n]
    if failed:
        parts.append(f"{failed} failed")
    if 0 < counts.n_done < counts.n_total:
        parts.append(f"about {duration(counts.seconds / max(room, 1))} left")
    return ", ".join(parts)


def _stop(options: argparse.Namespace) -> int:
    from mlipviewer.campaign.beat import ask_to_stop, running

    folder = folder_of_options(options)
    who = running(folder)
    ask_to_stop(folder)
    print(f"{who} ends soon" if who else f"nobody runs {folder.path}")
    return DONE


def _status(options: argparse.Namespace) -> int:
    from mlipviewer.campaign.beat import running
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.campaign.runner import counts_of

    plan = _begun_plan(options)
    with Journal(plan.folder.journal) as journal:
        counts = counts_of(plan, journal.known())
    if options.json:
        found = {
            "schema": 1,
            "folder": str(plan.folder.path),
            "done": dict(counts.done),
            "failed": {kind: n for kind, n in counts.failed.items() if n},
            "total": dict(counts.totals),
            "seconds_left": round(counts.seconds, 1),
            "running": str(running(plan.folder) or ""),
        }
        print(json.dumps(found, indent=1))
    else:
        print(_said(counts, 1))
        if who := running(plan.folder):
            print(f"{who} runs it")
    return DONE


def _export(options: argparse.Namespace) -> int:
    from mlipviewer.campaign.export import export
    from mlipviewer.campaign.failure import DesignProblem
    from mlipviewer.campaign.journal import Journal

    plan = _begun_plan(options)
    with Journal(plan.folder.journal) as journal:
        models = export(plan, journal.known())
    if not models:
        raise DesignProblem("no model is judged yet, or the reference is not")
    print(f"{models} models x {len(plan.metrics)} metrics: {plan.folder.table}")
    return DONE
