"""`mlipviewer campaign evaluate ...`: one existing model joins the table of a campaign; and the
environments in which heavy models are trained and computed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlipviewer.cli.codes import DONE, BadInput
from mlipviewer.io.files import write_text


def evaluate(options: argparse.Namespace) -> int:
    """Judge a model by the properties of a campaign that was begun; its row joins the table. A
    model of which nothing can be computed does not stay in the design. Returns the exit code."""
    from mlipviewer.campaign.driving import add_model
    from mlipviewer.cli.campaign import folder_of_options

    source, name, spec = options.words
    folder = folder_of_options(options)
    settings = _settings(options.settings)
    said = str(Path(source).absolute()) if Path(source).is_file() else ""
    with _as_before_where_it_fails(folder, (folder.design_file, Path(source).absolute())):
        plan = add_model(folder, name, spec, settings, said)
        found, reasons = _judged(options, plan, name)
        if not found:
            raise BadInput(f"{name}: {reasons[0] if reasons else 'nothing could be computed'}")
    print(f"{name}: {found} of {len(plan.metrics)} metrics: {folder.table}")
    return DONE


@contextmanager
def _as_before_where_it_fails(folder: Any, files: Sequence[Path]) -> Iterator[None]:
    """The texts of the design are what they were where something goes wrong, and the table is
    without the model. One who stops it leaves it there: to resume goes on with it."""
    from mlipviewer.core.progress import Cancelled

    before = {path: path.read_text(encoding="utf-8") for path in files if path.is_file()}
    try:
        yield
    except Cancelled:
        raise
    except BaseException:
        changed = {p: text for p, text in before.items() if p.read_text("utf-8") != text}
        for path, text in changed.items():
            write_text(path, text)
        if changed:
            _export_without(folder)
        raise


def _judged(options: argparse.Namespace, plan: Any, name: str) -> tuple[int, list[str]]:
    """How many metrics have a value now, and the reasons of the others."""
    from mlipviewer.campaign.driving import judge
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.cli.campaign import engine_of, teller

    engine = engine_of(options)
    try:
        with Journal(plan.folder.journal) as journal:
            journal.forget_failed(name)
            run = judge(plan, journal, engine, name, teller(plan, engine.room))
    finally:
        engine.close()
    return _found(plan, run.known, name)


def _settings(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text) if text.strip() else {}
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise BadInput(f"--settings {text!r} is no JSON object")
    return given


def _found(plan: Any, known: Any, name: str) -> tuple[int, list[str]]:
    """How many metrics have a value, and the reasons of the others."""
    model = next(one for one in plan.models(known) if one.name == name)
    entries = [known.get(plan.property_piece(model, prop).key) for prop in plan.properties]
    values = sum(len(one.data["values"]) for one in entries if one is not None and one.good)
    return values, [one.reason for one in entries if one is not None and not one.good]


def _export_without(folder: Any) -> None:
    from mlipviewer.campaign.export import export
    from mlipviewer.campaign.folder import design_in
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.campaign.plan import Plan

    with Journal(folder.journal) as journal:
        export(Plan(design_in(folder), folder), journal.known())


def environment(options: argparse.Namespace) -> int:
    """List the environments; or make one, or with --remove take it away. Returns the exit code."""
    from mlipviewer.campaign.environments import ENVIRONMENTS, is_there, make, place_of, remove

    if not options.words:
        for name, one in ENVIRONMENTS.items():
            there = "there" if is_there(name) else "not there"
            print(f"{name:10} {there:10} {one.about}, {one.gigabytes:g} GB")
        return DONE
    name = options.words[0]
    if name not in ENVIRONMENTS:
        raise BadInput(f"there is no environment {name!r}, but {', '.join(ENVIRONMENTS)}")
    if options.remove:
        print(f"{place_of(name)} is gone" if remove(name) else f"{name} was not there")
        return DONE
    print(f"{', '.join(ENVIRONMENTS[name].packages)} into {place_of(name)} ...", flush=True)
    print(f"made, with {len(make(name))} packages")
    return DONE
