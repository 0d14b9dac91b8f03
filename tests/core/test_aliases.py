"""Which columns are the energy, the forces, and what they are compared with."""

from __future__ import annotations

import pytest

from mlipviewer.core.aliases import Kind, Whose, guessed_roles, read_name, unit_guess


@pytest.mark.parametrize(
    ("name", "kind", "whose"),
    [
        ("forces", Kind.FORCES, Whose.NOBODY),
        ("REF_forces", Kind.FORCES, Whose.REFERENCE),
        ("dft_force", Kind.FORCES, Whose.REFERENCE),
        ("MACE_forces", Kind.FORCES, Whose.MODEL),
        ("forces_pred", Kind.FORCES, Whose.MODEL),
        ("energies", Kind.ATOM_ENERGY, Whose.NOBODY),
        ("node_energy", Kind.ATOM_ENERGY, Whose.NOBODY),
        ("c_pe", Kind.ATOM_ENERGY, Whose.NOBODY),
        ("mace_node_energy", Kind.ATOM_ENERGY, Whose.MODEL),
        ("mood", None, Whose.NOBODY),
        ("reference", None, Whose.REFERENCE),
    ],
)
def test_that_names_per_atom_are_read(name: str, kind: Kind | None, whose: Whose) -> None:
    assert read_name(name, per_atom=True) == (kind, whose)


def test_that_names_per_frame_are_others() -> None:
    assert read_name("free_energy", per_atom=False)[0] is Kind.ENERGY
    assert read_name("REF_virial", per_atom=False) == (Kind.VIRIAL, Whose.REFERENCE)
    assert read_name("forces", per_atom=False)[0] is None
    assert unit_guess("dft_stress", per_atom=False) == "eV/Å³"
    assert unit_guess("colour", per_atom=True) == ""


@pytest.mark.parametrize(
    ("columns", "forces", "reference"),
    [
        (["forces"], "forces", None),
        (["forces", "REF_forces"], "forces", "REF_forces"),
        (["forces", "MACE_forces"], "MACE_forces", "forces"),
        (["REF_forces", "MACE_forces"], "MACE_forces", "REF_forces"),
        (["forces", "dft_forces", "mace_forces"], "mace_forces", "dft_forces"),
        (["REF_forces"], "REF_forces", None),
        (["DFT_K4_forces", "DFT_K1_forces", "model_forces"], "model_forces", "DFT_K4_forces"),
    ],
)
def test_that_prediction_and_reference_are_paired(
    columns: list[str], forces: str, reference: str | None
) -> None:
    roles = guessed_roles(columns, ["energy", "REF_energy"])
    assert roles["forces"] == forces
    assert roles.get("reference forces") == reference
    assert (roles["energy"], roles["reference energy"]) == ("energy", "REF_energy")
