"""Takes out of a frozen folder what the program never loads, and joins files that are one.

What is deleted by name is named here; of the libraries of Qt and Arrow those stay that something
that is left needs. Nothing is stripped or changed.
"""

from __future__ import annotations

import ast
import hashlib
import marshal
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

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
    "lib/pyarrow/_dataset_orc.*",
    "lib/pyarrow/_pyarrow_cpp_tests.*",
    "lib/pyarrow/_parquet_encryption.*",
    "lib/pyarrow/_dataset_parquet_encryption.*",
    "lib/pyarrow/include",
    "lib/numpy/_core/include",
    "lib/numpy/_core/lib",
    "lib/numpy/_core/_simd.*",
    "lib/numpy/random/lib",
    "lib/numpy/**/tests",
    "lib/scipy/io/_fast_matrix_market",
    "lib/scipy/odr",
    "lib/scipy/fftpack",
    "lib/scipy/datasets",
    "lib/scipy/ndimage/_cytest.*",
    "lib/PIL/_avif.*",
    "lib/PIL/_imagingcms.*",
    "lib/PIL/_imagingft.*",
    "lib/PIL/_webp.*",
    "lib/gsd/test",
    "lib/moocore/data",
    "lib/test",
)
TALKATIVE = ("scipy", "sklearn", "pandas", "networkx", "ase", "narwhals", "openpyxl", "pyarrow")
"""Packages whose functions work without what they tell of themselves; asserts stay: ASE needs them.
That is half of their size."""
TESTED = ("h5py", "networkx", "pandas", "scipy", "sklearn", "joblib", "PIL", "gsd")
"""Packages whose folders `tests` nothing else imports."""
LINEAR = (
    *("base", "callback", "exceptions", "externals", "linear_model", "metrics", "model_selection"),
    *("preprocessing", "svm", "utils"),
)
"""The parts of scikit-learn that its linear models import: the others are never asked for."""
CLOSED = ("lib/PySide6/Qt/lib", "lib/pyarrow", "lib/pillow.libs")
"""Folders whose libraries are loaded by what needs them, and by nothing else."""


def trim(target: Path) -> None:
    for name in NEEDLESS:
        for path in target.glob(name):
            delete(path)
    for package in TESTED:
        for path in [*target.glob(f"lib/{package}/**/tests")]:
            delete(path)
    for path in target.glob("lib/sklearn/[a-z]*"):
        if path.is_dir() and path.name not in LINEAR:
            delete(path)
    choose_plugins(target)
    for folder in CLOSED:
        join_same(target / folder)
        drop_unreached(target, target / folder)
    join_same(target / "lib/spglib/lib64")
    for path in target.glob("lib/scipy.libs/*.so*"):
        twin = target / "lib/numpy.libs" / path.name
        if twin.exists() and twin.read_bytes() == path.read_bytes():
            path.unlink()
            path.symlink_to(f"../numpy.libs/{path.name}")
    for package in TALKATIVE:
        silence(target / "lib" / package, package)


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
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    source = Path(spec.submodule_search_locations[0])
    for path in folder.rglob("*.pyc"):
        origin = (source / path.relative_to(folder)).with_suffix(".py")
        tree = silenced(ast.parse(origin.read_bytes()))
        name = f"lib/{package}/{origin.relative_to(source)}"
        code = compile(tree, name, "exec", dont_inherit=True, optimize=0)
        header = path.read_bytes()[:16]
        path.write_bytes(header + marshal.dumps(code))


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


def drop_unreached(target: Path, folder: Path) -> None:
    """Delete the plain libraries of a folder that no module, plugin or program needs."""
    libraries = {path.name: path for path in folder.glob("lib*.so*")}
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


def needed(path: Path) -> list[str]:
    """The libraries that a file of the ELF format names."""
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return []
    said = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True)
    return [line.split("[")[1][:-1] for line in said.stdout.splitlines() if "(NEEDED)" in line]
