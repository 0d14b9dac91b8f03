"""The view of atoms in 3D: what it shows (`view`), and its parts."""

from mlipviewer.views.atoms.view import AtomsView

__all__ = ["AtomsView"]
