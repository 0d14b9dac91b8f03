"""`python -m mlipviewer` is the command `mlipviewer`."""

import sys


def begin() -> int:
    """Run the command; an interrupt while it is still being loaded ends it as later ones do."""
    try:
        from mlipviewer.cli import main
    except KeyboardInterrupt:
        sys.stderr.write("cancelled\n")
        return 3
    return main()


if __name__ == "__main__":
    sys.exit(begin())
