"""Compiles `mlipviewer/native/*.c` into the one shared library that `mlipviewer.native` loads.

The system's C compiler is used when there is one; else the compiler that the `ziglang` wheel
carries (Linux, macOS, Windows alike), so that a bare machine needs no tool chain of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FLAGS = ["-O3", "-std=c11", "-shared", "-fPIC", "-ffp-contract=off", "-Wall", "-Wextra"]
# without -mcpu zig compiles for this very processor, and without -s it adds 0.8 MB of symbols
ZIG = [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline", "-s"]
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


@cache
def system_compiler() -> str | None:
    """This machine's C compiler; none on Windows, where MSVC lacks 128-bit integers."""
    if sys.platform == "win32":
        return None
    return next((path for name in ("cc", "gcc", "clang") if (path := working(name))), None)


def working(name: str) -> str | None:
    """The path of a compiler that has its headers; a bare gcc or a stub of macOS has not."""
    path = shutil.which(name)
    trial = [path or "", "-fsyntax-only", "-xc", "-"]
    program = b"#include <math.h>\n#include <stdint.h>\n"
    if path and subprocess.run(trial, input=program, capture_output=True, check=False).returncode:
        return None
    return path


def compile_loops(folder: Path) -> Path:
    """Write `_loops` beside its sources and return its path. Raises CalledProcessError."""
    target = folder / f"_loops{SUFFIX}"
    compiler = system_compiler()
    command = [compiler] if compiler else ZIG
    fresh = target.with_name(f"_loops.new{SUFFIX}")
    sources = sorted(str(path) for path in folder.glob("*.c"))
    libraries = [] if sys.platform == "win32" else ["-lm"]
    subprocess.run([*command, *FLAGS, "-o", str(fresh), *sources, *libraries], check=True)
    fresh.replace(target)
    return target


class NativeLoops(BuildHookInterface):
    """Hatch calls this before it makes a wheel or an editable install."""

    def dependencies(self) -> list[str]:
        return [] if system_compiler() else ["ziglang==0.15.2"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        folder = Path(self.root) / "mlipviewer" / "native"
        if not any(folder.glob("*.c")):
            return  # nothing to compile: a pure Python package
        compile_loops(folder)
        build_data["pure_python"] = False
        build_data["infer_tag"] = False
        build_data["tag"] = platform_tag()


def platform_tag() -> str:
    """`py3-none-<platform>`: the library speaks C, not the Python ABI."""
    from packaging.tags import sys_tags

    return f"py3-none-{next(sys_tags()).platform}"
