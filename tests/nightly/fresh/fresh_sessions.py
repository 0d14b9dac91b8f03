"""Session files. Written down before any of it was read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.nightly.fresh.case import Case, data, text

BAD = ("error", "partial", "refused")
XYZ = '2\nLattice="4 0 0 0 4 0 0 0 4"\nNa 0 0 0\nCl 2 0 0\n' * 3
RUN = {"name": "run.xyz", "path": "run.xyz", "role": "trajectory"}
session = partial(Case, kind="session")


def written(*inputs: Any, **about: Any) -> Callable[[Path], object]:
    """A session with a trajectory beside it."""

    def make(path: Path) -> None:
        path.with_name("run.xyz").write_text(XYZ)
        document = {"inputs": list(inputs), **about.pop("document", {})}
        whole = {"app": "MLIPViewer", "format": 1, "document": document, **about}
        path.write_text(json.dumps(whole))

    return make


def at(path: str, role: str = "table") -> dict[str, str]:
    return {"name": "given", "path": path, "role": role}


def with_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe.csv"))
    written(RUN, at("pipe.csv"))(path)


def with_link(path: Path) -> None:
    outside = path.parent.parent / "outside.csv"
    outside.write_text("secret,words\n1,2\n")
    path.with_name("inside.csv").symlink_to(outside)
    written(RUN, at("inside.csv"))(path)


SESSIONS = (
    session("good.mlipview", demand="D6: a session as we write it", good=1, quiet=True,
            make=written(RUN, document={"trajectory": "run.xyz", "frame": 2})),
    session("nul_in_path.mlipview", demand="S3: a path with a NUL: told, the other input good",
            make=written(RUN, at("a\0b.csv")), good=1, statuses=BAD, told=True),
    session("share.mlipview", demand="S3: \\\\host\\share is not opened", good=1, statuses=BAD,
            make=written(RUN, at("\\\\127.0.0.1\\share\\x.csv")), told=True),
    session("file_address.mlipview", demand="S3: file:// is an address: refused", good=1,
            make=written(RUN, at("file:///etc/hostname")), statuses=BAD, told=True),
    session("many.mlipview", demand="R4: 5 000 inputs that are not there: told in time", good=1,
            make=written(RUN, *(at(f"no/{k}.csv") | {"name": f"n{k}"} for k in range(5000))),
            statuses=BAD, told=True),
    session("deep.mlipview", demand="R4: nested 100 000 deep: told", good=0, statuses=BAD,
            make=text("[" * 100_000 + "]" * 100_000), told=True),
    session("minus_format.mlipview", demand="D6: format -3 is told", statuses=BAD, told=True,
            make=written(RUN, format=-3), good=1),
    session("words_selected.mlipview", demand="D6: a selection of words costs itself alone",
            make=written(RUN, document={"selected": [[["atom", "run.xyz"], ["a", "b"]]]}),
            good=1, statuses=BAD, told=True),
    session("linked.mlipview", demand="S3: a link inside that leads outside is asked about",
            make=with_link, good=1, statuses=BAD, told=True, said=("outside",)),
    session("condition.mlipview", demand="S1, S4: a condition that is a program is not run",
            make=written(RUN, document={"condition": "__import__('os').system('touch /tmp/x')"}),
            good=1, statuses=("ok", "partial")),
    session("nan.mlipview", demand="D6: NaN for a frame costs itself alone",
            make=written(RUN, document={"frame": float("nan")}), good=1, statuses=("ok", *BAD)),
    session("pipe.mlipview", demand="R2: a named pipe is not waited for", make=with_pipe, good=1,
            statuses=BAD, told=True),
    session("huge_frame.mlipview", demand="D6: frame 10^400 costs itself alone",
            make=written(RUN, document={"trajectory": "run.xyz", "frame": 10**400}), good=1,
            statuses=BAD, told=True),
    session("same_names.mlipview", demand="D6: two inputs of one name: told, or told apart",
            make=written(RUN, RUN), statuses=("ok", *BAD)),
    session("utf16.mlipview", demand="R10, D6: UTF-16: read or told", statuses=("ok", *BAD),
            make=data(json.dumps({"format": 1, "document": {"inputs": []}}).encode("utf-16"))),
    session("list.mlipview", demand="D6: a list is no session: told", statuses=BAD, told=True,
            make=text('[1, 2, {"format": 1}]')),
)  # fmt: skip
