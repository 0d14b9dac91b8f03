"""Sessions again: moved, of other computers, newer, hostile. Not read before its commit."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Case, data
from tests.nightly.fresh.fresh_sessions import at

BAD = ("error", "partial", "refused")
ANY = ("ok", *BAD)
XYZ = '2\nLattice="5 0 0 0 5 0 0 0 5"\nLi 0 0 0\nF 2.5 0 0\n' * 4
RUN = {"name": "run.xyz", "path": "run.xyz", "role": "trajectory"}
session = partial(Case, kind="session")


def whole(*inputs: Any, more: Any = None, **about: Any) -> dict[str, Any]:
    document = {"inputs": list(inputs), "trajectory": "run.xyz", **(more or {})}
    return {"app": "MLIPViewer", "format": 1, "document": document, **about}


def written(
    *inputs: Any,
    more: Any = None,
    change: Callable[[str], bytes] = str.encode,
    beside: Callable[[Path], object] = bool,
    **about: Any,
) -> Callable[[Path], object]:
    """A session with a run beside it, and what else is to lie in its folder."""

    def make(path: Path) -> None:
        path.with_name("run.xyz").write_text(XYZ)
        beside(path.parent)
        path.write_bytes(change(json.dumps(whole(*inputs, more=more, **about))))

    return make


def run(path: str, **more: Any) -> dict[str, Any]:
    return {"name": "other", "path": path, "role": "trajectory", **more}


def below(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "other.xyz").write_text(XYZ)


def outside(folder: Path) -> None:
    (folder.parent / "outside.csv").write_text("model,E\na,1\nb,2\n")


def turning(folder: Path) -> None:
    (folder / "round").symlink_to("round")


def packed(**members: bytes) -> Callable[[Path], object]:
    """A session with its data; the names of members have `_` for `/` and `UP` for `..`."""

    def make(path: Path) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in members.items():
                archive.writestr(name.replace("__", "/").replace("UP", "..").replace("_", "."),
                                 content)  # fmt: skip
        path.write_bytes(out.getvalue())

    return make


def nested(deep: int) -> dict[str, Any]:
    """A table joined of one joined of one ..."""
    found: dict[str, Any] = at("t.csv")
    for _ in range(deep):
        found = {**at("t.csv"), "joined": {"first": found, "second": at("t.csv")}}
    return found


INSIDE = json.dumps(whole(run("data/run.xyz") | {"name": "run.xyz"})).encode()
NEWER = {
    "looks": {"style": "holographic", "radius": 1.5, "aura": [1, 2]},
    "panels": [{"id": "p9", "view": "volume", "title": "Density", "analysis": "not yet made"}],
    "colouring": {"column": "species", "policy": "by mood"},
    "holograms": [{"depth": 3}],
}
EVERYTHING = [
    [["atom", f"run{k}.xyz"], [[0, 99_999_998]]] for k in range(12)
]  # of 100 million atoms each

SECOND_SESSIONS = (
    session("of_anna.mlipview", demand="S3, R11: a path of another computer: told, not looked for",
            make=written(run("/home/anna/work/run.xyz")), good=(0, 1), statuses=BAD, told=True),
    session("of_windows.mlipview", demand="D6: data\\other.xyz as Windows writes it: read, or told",
            make=written(RUN, run("data\\other.xyz"), beside=below), good=(1, 2), statuses=ANY,
            check=lambda a: a["problems"] or a["good_frames"] == 2),
    session("of_2030.mlipview", demand="D6: format 7 with parts nobody knows: opened, told, kept",
            make=written(RUN, more=NEWER, format=7, galaxy={"a": 1}), good=1, statuses=BAD,
            said=("7",)),
    session("climbing.mlipview", demand="S3: a packed session whose file climbs out: not written",
            make=packed(session_json=INSIDE, data__run_xyz=XYZ.encode(),
                        UP__UP__outside_csv=b"model,E\na,1\n"), statuses=ANY),
    session("inflated.mlipview", demand="R13: a packed session of 300 MB of blanks: told", good=0,
            make=packed(session_json=b" " * 300_000_000), statuses=BAD, told=True),
    session("without.mlipview", demand="R11: a zip without a session: told", good=0, statuses=BAD,
            make=packed(notes_txt=b"hello"), told=True),
    session("everything.mlipview", demand="R4: twelve selections of 10^8 atoms: told, or bounded",
            make=written(RUN, more={"selected": EVERYTHING}), good=1, statuses=ANY),
    session("joined.mlipview", demand="R4: a table joined of one joined of one ... 300 deep: told",
            make=written(RUN, nested(300)), good=1, statuses=BAD, told=True),
    # corrected: it asked that the input be lost with its choices
    session("deep_choices.mlipview", demand="R4: choices nested 100 000 deep: told", good=(1, 2),
            make=written(RUN, run("run.xyz", choices="[" * 100_000)), statuses=BAD, told=True),
    session("stars.mlipview", demand="S3: a pattern that leads outside is not read", good=1,
            make=written(RUN, at("../out*.csv"), beside=outside), statuses=BAD, told=True),
    session("goes_on.mlipview", demand="S3: files that go on, outside: asked about", good=1,
            make=written(RUN, run("run.xyz", more=["/etc/hostname"])), statuses=BAD, told=True,
            said=("hostname",)),
    session("by_choice.mlipview", demand="S3: a topology outside, in choices: asked about", good=1,
            make=written(RUN, run("run.xyz", choices='{"topology": "/etc/hostname"}')),
            statuses=BAD, told=True, said=("hostname",)),
    session("home.mlipview", demand="S3: ~ and $HOME are names, not places", good=1, statuses=BAD,
            make=written(RUN, run("~/run.xyz"), at("$HOME/run.csv") | {"name": "t"}), told=True),
    session("odd_types.mlipview", demand="D6: inputs that are none cost themselves alone", good=1,
            make=written(RUN, {**RUN, "name": 17}, {**RUN, "name": "x", "role": "malware"}, 5,
                         {"name": "y"}), statuses=BAD, told=True),
    session("marked.mlipview", demand="R10: a mark of UTF-8, as Notepad saves it: read, or told",
            make=written(RUN, change=lambda said: b"\xef\xbb\xbf" + said.encode()), statuses=ANY,
            check=lambda a: a["problems"] or a["good_frames"] == 1),
    session("crlf.mlipview", demand="R10: lines that end by CRLF", good=1, quiet=True,
            make=written(RUN, change=lambda said: said.replace(", ", ",\r\n").encode())),
    session("long_past.mlipview", demand="D4: 20 000 earlier steps: opened in time", good=1,
            make=written(RUN, past=[{"label": f"step {k}", "before": {"frame": k % 4}}
                                    for k in range(20_000)]), statuses=ANY),
    session("round.mlipview", demand="S3: a link that leads to itself: told", good=1, told=True,
            make=written(RUN, run("round/run.xyz"), beside=turning), statuses=BAD),
    session("own_folder.mlipview", demand="R3: the folder itself, and no path: read or told",
            make=written(RUN, run("."), at("") | {"name": "none"}), statuses=ANY,
            check=lambda a: a["good_frames"] >= 1),
    session("long_path.mlipview", demand="R11: a path of 5 000 letters: told", good=1, told=True,
            make=written(RUN, run("a" * 5000)), statuses=BAD),
    session("only_format.mlipview", demand="D6: a session without a document: told", good=0,
            make=data(b'{"app": "MLIPViewer", "format": 1}'), statuses=BAD, told=True),
)  # fmt: skip
