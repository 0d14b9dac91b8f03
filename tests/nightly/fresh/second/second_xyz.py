"""Extended XYZ again: what clusters, editors and attackers leave. Not read before its commit."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.nightly.fresh.case import Answer, Case, data, text
from tests.nightly.fresh.fresh_xyz import packed

BOX = 'Lattice="7.5 0 0 0 7.5 0 0 0 9"'
VOLUME = 7.5 * 7.5 * 9
KINDS = "Properties=species:S:1:pos:R:3:forces:R:3"
PLACES = ((0.1, 0.2, 0.3), (2.5, 0.4, 1.0), (1.0, 3.2, 2.2), (4.4, 4.0, 0.6), (3.3, 1.9, 5.5))


def rows(step: int = 0, more: str = " 0.01 -0.02 0.03", names: str = "Zn S Zn S Zn") -> str:
    both = zip(names.split(), PLACES, strict=True)
    return "".join(f"{name} {x + 0.01 * step:.5f} {y} {z}{more}\n" for name, (x, y, z) in both)


def frame(step: int = 0, comment: str = f"{BOX} {KINDS} energy=-3.5", count: str = "5") -> str:
    return f"{count}\n{comment} step={step}\n{rows(step)}"


def plain(comment: str, more: str = "", names: str = "Zn S Zn S Zn", step: int = 0) -> str:
    return f"5\n{comment}\n{rows(step, more, names)}"


def three(middle: str) -> str:
    return frame(0) + middle + frame(2)


def headed(comment: str) -> str:
    return three(frame(1)).replace(f"{BOX} {KINDS} energy=-3.5", comment)


def cp2k(step: int) -> str:
    said = f" i = {step:8d}, time = {0.5 * step:12.3f}, E = {-17.1643447508 - step:20.10f}"
    return plain(said, step=step).replace("5\n", "       5\n", 1)


def killed(step: int) -> str:
    """A frame whose last row ends within its fifth column, without a new line."""
    return frame(step)[: -len(" -0.02 0.03\n") - 2]


def has_volume(answer: Answer) -> bool:
    found = answer.get("volume")
    return bool(answer["problems"]) or (found is not None and abs(found - VOLUME) < 0.01)


def info_is(key: str, *values: Any) -> Callable[[Answer], bool]:
    return lambda answer: answer["info"].get(key) in values


def archive() -> bytes:
    """A tar of one file, packed, as `tar czf` makes it."""
    out, content = io.BytesIO(), three(frame(1)).encode()
    with tarfile.open(fileobj=out, mode="w") as tar:
        about = tarfile.TarInfo("run/run.xyz")
        about.size = len(content)
        tar.addfile(about, io.BytesIO(content))
    return gzip.compress(out.getvalue())


def skipping(*parts: str) -> bytes:
    """Frames of zstd, each behind one that is to be skipped, as pzstd writes them."""
    found = b""
    for part in parts:
        content = packed("zst", part)
        found += b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little")
        found += len(content).to_bytes(4, "little") + content
    return found


SALVAGED = ("partial",)
MOSTLY = ("ok", "partial")
BAD = ("error", "partial", "refused")
THREE = three(frame(1))
PAGE = "<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n<body>5</body></html>\n"
xyz = partial(Case, kind="trajectory")

SECOND_XYZ = (
    xyz("glued_codes.xyz", demand="R3: frames of CP2K, then extended ones", good=4,
        make=text(cp2k(0) + cp2k(1) + frame(2) + frame(3))),
    xyz("powershell.xyz", demand="R10: a mark of UTF-8, lines that end by CRLF", good=3,
        make=data(b"\xef\xbb\xbf" + THREE.replace("\n", "\r\n").encode())),
    xyz("notepad.xyz", demand="R10: one frame with CRLF, those appended with LF", good=3,
        make=text(frame(0).replace("\n", "\r\n") + frame(1) + frame(2))),
    xyz("step_comments.xyz", demand="R3: comments that are whole numbers, one of them the count",
        make=text(plain("0") + plain("100") + plain("5")), good=3),
    xyz("velocities_unnamed.xyz", demand="R7: columns nobody names are kept or told of", good=2,
        make=text(plain("a run", " 0.1 0.2 0.3") * 2), statuses=MOSTLY,
        check=lambda a: a["problems"] or a["columns"]),
    xyz("ghosts.xyz", demand="R8: X, Bq, D, Vac and Zn1 are atoms with these labels", good=1,
        make=text(plain("ghosts", names="X Bq D Vac Zn1")), statuses=MOSTLY,
        check=lambda a: a["natoms"] == [5]),
    xyz("upper_case.xyz", demand="R7: ZN and s are read", good=2,
        make=text(plain("capitals", names="ZN s ZN s ZN") * 2)),
    xyz("count_with_words.xyz", demand="R5: '5 atoms' for a count: read, or told", good=(2, 3),
        make=text(three(frame(1, count="5 atoms"))), statuses=MOSTLY,
        check=lambda a: a["problems"] or a["good_frames"] == 3),
    xyz("descriptors.xyz", demand="R4: a column of 1 500 numbers for each atom", good=2,
        make=text(f"5\n{KINDS}:soap:R:1500\n{rows(0, ' 0 0 0' + ' 0.25' * 1500)}" * 2),
        quiet=True, check=lambda a: "soap" in a["columns"]),
    # corrected: it asked that frame 2 be none, where the word stays as it is, and is told
    xyz("no_truth.xyz", demand="R7: 'maybe' is neither true nor false: frame 2 told", good=(2, 3),
        make=text("".join(f"5\n{KINDS}:fixed:L:1\n{rows(0, f' 0 0 0 {word}')}"
                          for word in ("T", "maybe", "F"))),
        statuses=MOSTLY, said=("\"frame\": 2",)),
    xyz("large_integer.xyz", demand="R7: a whole number beyond 64 bits is told, never cut",
        make=text("".join(f"5\n{KINDS}:tag:I:1\n{rows(0, f' 0 0 0 {n}')}"
                          for n in (1, 10**20 + 1, 3))), good=(2, 3), statuses=MOSTLY, told=True),
    xyz("lattice_commas.xyz", demand="R8: a lattice with commas: read, or told",
        make=text(headed(f'Lattice="7.5,0,0,0,7.5,0,0,0,9" {KINDS}')),
        statuses=("ok", *BAD), check=has_volume),
    xyz("lattice_brackets.xyz", demand="R8: a lattice in brackets: read, or told",
        make=text(headed(f"Lattice=[[7.5,0,0],[0,7.5,0],[0,0,9]] {KINDS}")),
        statuses=("ok", *BAD), check=has_volume),
    xyz("escaped_quotes.xyz", demand="R7: what follows escaped quotes is read", good=3,
        make=text(headed(f'{BOX} {KINDS} note="say \\"yes\\" twice" energy=-3.5')),
        check=info_is("energy", -3.5, "-3.5")),
    xyz("spaced_equals.xyz", demand="R8: blanks about equal signs: read, or told",
        make=text(headed(f"{BOX.replace('=', ' = ')} {KINDS.replace('=', ' = ')} energy = -3.5")),
        statuses=("ok", *BAD), check=has_volume),
    xyz("empty_text.xyz", demand="R7: an empty text is a value of its own", good=3,
        make=text(headed(f'{BOX} {KINDS} tag="" energy=-3.5')),
        check=info_is("energy", -3.5, "-3.5")),
    xyz("two_of_pbc.xyz", demand="R8: two boundaries of three are told", good=(2, 3), told=True,
        make=text(three(frame(1, f'{BOX} {KINDS} pbc="T F"'))), statuses=MOSTLY),
    xyz("killed_and_restarted.xyz", demand="R5, R6: a row cut by a kill, the restart glued to it",
        make=text(frame(0) + killed(1) + frame(2) + frame(3)), good=(2, 3), statuses=SALVAGED,
        told=True),
    xyz("nul_tail.xyz", demand="R5: zeros after the last frame, as a crashed node leaves: told",
        make=data(THREE.encode() + bytes(8192)), good=3, statuses=MOSTLY, told=True),
    xyz("long_count.xyz", demand="R4: a count of 5 000 digits: frame 2 told", good=(1, 2),
        make=text(three(frame(1, count="9" * 5000))), statuses=SALVAGED, told=True),
    xyz("many_keys.xyz", demand="R4: 50 000 values of a frame", good=3, statuses=MOSTLY,
        make=text(headed(f"{BOX} {KINDS} " + " ".join(f"k{k}={k}" for k in range(50_000))))),
    xyz("marks.xyz", demand="R4: 300 001 quotes in a comment take no time", good=(2, 3),
        make=text(three(frame(1, '"' * 300_001))), statuses=MOSTLY),
    xyz("other_places.xyz", demand="R8: Properties without pos: told, no places of zeros",
        make=text(headed(f"{BOX} {KINDS.replace('pos', 'coords')}")),
        statuses=("ok", *BAD), told=True),
    xyz("stars_energy.xyz", demand="R7: an energy of stars is no number", good=3,
        make=text(headed(f"{BOX} {KINDS} energy=****************")),
        check=info_is("energy", "*" * 16)),
    xyz("fortran_energy.xyz", demand="R7: -0.1234D+02 stays, or is -12.34", good=3,
        make=text(headed(f"{BOX} {KINDS} energy=-0.1234D+02")),
        check=info_is("energy", -12.34, "-0.1234D+02")),
    xyz("100 %s {0} [a].xyz", demand="R3: a name is a name, whatever signs it has", good=3,
        quiet=True, make=text(THREE)),
    xyz("two\nlines.xyz", demand="S6: a name of two lines", good=3, make=text(THREE)),
    xyz("login.xyz", demand="R3: the page of a server in place of the file: told", good=0,
        make=text(PAGE), statuses=BAD, told=True),
    xyz("._run.xyz", demand="R3: what a Mac puts beside a file: told", good=0, statuses=BAD,
        make=data(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(200)), told=True),
    xyz("archive.xyz.gz", demand="R13: an archive within gzip: told", good=(0, 3), statuses=BAD,
        make=data(archive()), told=True),
    xyz("skipping.xyz.zst", demand="R13: frames of zstd that are to be skipped", good=3,
        make=data(skipping(frame(0), frame(1) + frame(2)))),
    xyz("padded.xyz.xz", demand="R13: two streams of xz with padding: whole, or told",
        make=data(lzma.compress(frame(0).encode()) + bytes(8)
                  + lzma.compress((frame(1) + frame(2)).encode())),
        good=(1, 3), statuses=MOSTLY, check=lambda a: a["problems"] or a["good_frames"] == 3),
    xyz("run.xyz.lz4", demand="R13: a packer that is not known: told", good=0, statuses=BAD,
        make=data(b"\x04\x22\x4d\x18\x64\x40\xa7" + bytes(range(200))), told=True),
    xyz("old.xyz.Z", demand="R13: the packer of old: told", good=0, statuses=BAD, told=True,
        make=data(b"\x1f\x9d\x90" + bytes(range(1, 200)))),
)  # fmt: skip
