"""Compiles `mlipviewer/native` into the one shared library that `mlipviewer.native` loads.

With it goes `packaging/third_party`: libraries of others in source, unchanged. The system's C and
C++ compilers are used when there are both; else the compiler that the `ziglang` wheel carries
(Linux, macOS, Windows alike), so that a bare machine needs no tool chain of its own.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # to compile the loops alone nothing of hatch is needed
    BuildHookInterface = object

FAST = ["-O3"]
SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-omit-frame-pointer"]
FLAGS = ["-fPIC", "-ffp-contract=off", "-fvisibility=hidden"]
C_FLAGS = ["-std=c11", "-Wall", "-Wextra"]
CPP_FLAGS = ["-std=c++11", "-DNDEBUG"]
# without -mcpu zig compiles for this very processor, and without -s it adds 0.8 MB of symbols
ZIG_TARGET = ["-mcpu=baseline"]
VISIBLE = '__attribute__((visibility("default")))'
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
THIRD_PARTY = Path(__file__).resolve().parent / "third_party"


@cache
def system_compilers() -> tuple[str, str] | None:
    """This machine's C and C++ compilers; none on Windows, where MSVC lacks 128-bit integers."""
    if sys.platform == "win32":
        return None
    c = next((p for name in ("cc", "gcc", "clang") if (p := working(name, "c"))), None)
    cpp = next((p for name in ("c++", "g++", "clang++") if (p := working(name, "c++"))), None)
    return (c, cpp) if c and cpp else None


def working(name: str, language: str) -> str | None:
    """The path of a compiler that has its headers; a bare gcc or a stub of macOS has not."""
    path = shutil.which(name)
    trial = [path or "", "-fsyntax-only", f"-x{language}", "-"]
    headers = {"c": b"#include <math.h>\n#include <stdint.h>\n", "c++": b"#include <vector>\n"}
    program = headers[language]
    if path and subprocess.run(trial, input=program, capture_output=True, check=False).returncode:
        return None
    return path


def compilers() -> tuple[list[str], list[str]]:
    """The commands that compile C and C++; the second links as well."""
    found = system_compilers()
    if found:
        return [found[0]], [found[1]]
    zig = [sys.executable, "-m", "ziglang"]
    return [*zig, "cc", *ZIG_TARGET], [*zig, "c++", *ZIG_TARGET]


def compile_loops(folder: Path, how: list[str] = FAST) -> Path:
    """Write `_loops` beside its sources and return its path. Raises CalledProcessError."""
    target = folder / f"_loops{SUFFIX}"
    c, cpp = compilers()
    with tempfile.TemporaryDirectory() as scratch:
        commands = [
            (made_of(folder, Path(scratch)), [*c, *C_FLAGS]),
            *((source, [*c, *C_FLAGS]) for source in sorted(folder.glob("*.c"))),
            *((source, [*cpp, *CPP_FLAGS, "-Wall"]) for source in sorted(folder.glob("*.cpp"))),
            *((source, [*cpp, *CPP_FLAGS, "-w"]) for source in sorted(THIRD_PARTY.rglob("*.cpp"))),
        ]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(lambda one: compile_one(*one, Path(scratch), how), commands))
        fresh = target.with_name(f"_loops.new{SUFFIX}")
        libraries = [] if sys.platform == "win32" else ["-lm"]
        strip = [] if sys.platform == "darwin" or how is SANITIZED else ["-s"]
        subprocess.run(
            [*cpp, "-shared", *how, *strip, "-o", str(fresh), *objects, *libraries], check=True
        )
    fresh.replace(target)
    return target


def made_of(folder: Path, scratch: Path) -> Path:
    """A source by which the library tells of what sources it was made."""
    digest = runpy.run_path(str(folder / "__init__.py"))["digest_of_sources"](folder)
    source = scratch / "made_of.c"
    export = "__declspec(dllexport)" if sys.platform == "win32" else VISIBLE
    source.write_text(f'{export} const char *loops_made_of(void) {{ return "{digest}"; }}\n')
    return source


def compile_one(source: Path, command: list[str], scratch: Path, how: list[str]) -> str:
    """The path of the object file. Raises CalledProcessError."""
    made = scratch / f"{source.parent.name}-{source.name}.o"
    include = [f"-I{folder}" for folder in sorted({one.parent for one in THIRD_PARTY.rglob("*.h")})]
    flags = [*how, *FLAGS, *include]
    subprocess.run([*command, *flags, "-c", "-o", str(made), str(source)], check=True)
    return str(made)


class NativeLoops(BuildHookInterface):
    """Hatch calls this before it makes a wheel or an editable install."""

    scratch: Path | None = None

    def dependencies(self) -> list[str]:
        return [] if system_compilers() else ["ziglang==0.15.2"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and version != "editable":
            self.say_version(build_data)
        folder = Path(self.root) / "mlipviewer" / "native"
        if not any(folder.glob("*.c")):
            return  # nothing to compile: a pure Python package
        compile_loops(folder)
        build_data["pure_python"] = False
        build_data["infer_tag"] = False
        build_data["tag"] = platform_tag()

    def say_version(self, build_data: dict[str, Any]) -> None:
        """Put a module into the wheel that says its version; a checkout has none."""
        self.scratch = Path(tempfile.mkdtemp())
        module = self.scratch / "_version.py"
        module.write_text(f'__version__ = "{self.metadata.version}"\n')
        build_data["force_include"][str(module)] = "mlipviewer/_version.py"

    def finalize(self, *_told: object) -> None:
        if self.scratch is not None:
            shutil.rmtree(self.scratch)


def platform_tag() -> str:
    """`py3-none-<platform>`: the library speaks C, not the Python ABI."""
    from packaging.tags import sys_tags

    return f"py3-none-{next(sys_tags()).platform}"
