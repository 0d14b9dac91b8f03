"""MLIPViewer from Python: `import mlipviewer` does without a window what the window does.

What is named here is imported when it is first used; `__init__.pyi` says what it is. The guide:
docs/guide/python.md.
"""

from importlib import import_module

try:  # a wheel says what its tag says: packaging/version.py
    from mlipviewer._version import __version__
except ImportError:
    __version__ = "0.1.0"

_PLACES = {
    "AnalysisProblem": "core.analysis",
    "Found": "api.running",
    "QueryProblem": "core.problem",
    "ReadProblem": "core.problem",
    "Selection": "api.viewing",
    "Viewer": "api.viewing",
    "analyses": "api.running",
    "campaign": "api.making",
    "columns": "api.running",
    "computations": "api.running",
    "convert": "api.making",
    "models": "api.reading",
    "movie": "api.making",
    "open": "api.viewing",
    "read_table": "api.reading",
    "read_trajectory": "api.reading",
    "run": "api.running",
    "snapshot": "api.snapshot",
    "write_frames": "api.making",
    "write_table": "api.making",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'mlipviewer' has no attribute {name!r}")
    return getattr(import_module(f"mlipviewer.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
