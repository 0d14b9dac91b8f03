"""The camera: where one looks from, as a frozen value. Nothing here knows OpenGL or Qt.

View coordinates: x to the right, y up, z towards the viewer, in A, the camera's centre at 0.
Pixels count from the upper left corner of a pane of `size` = (width, height).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Size = tuple[float, float]

FIELD_OF_VIEW = np.radians(30.0)
SMALLEST_HEIGHT = 0.05
LARGEST_HEIGHT = 1e7


def _read_only(values: ArrayLike) -> Floats:
    array = np.array(values, np.float64)
    array.flags.writeable = False
    return array


def turn(axis: ArrayLike, angle: float) -> Floats:
    """(3, 3) rotation by `angle` (radians, right-handed) about a unit axis."""
    x, y, z = np.asarray(axis, float)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    result: Floats = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return result


@dataclass(frozen=True, eq=False)
class Camera:
    """`rotation` rows are right, up and towards the viewer; `height` A fill a pane's height.

    In perspective that holds at the depth of `centre`, about which the camera orbits.
    """

    centre: Floats = field(default_factory=lambda: _read_only(np.zeros(3)))
    rotation: Floats = field(default_factory=lambda: _read_only(np.eye(3)))
    height: float = 10.0
    perspective: bool = False

    @property
    def distance(self) -> float:
        """From the eye to the centre in A; infinite without perspective."""
        return self.height / 2 / np.tan(FIELD_OF_VIEW / 2) if self.perspective else np.inf

    def scale(self, size: Size) -> float:
        """Pixels per A at the depth of the centre."""
        return size[1] / self.height

    # moving: each gives the next camera

    def orbited(self, dx: float, dy: float, size: Size) -> Camera:
        """Drag by pixels: the side that faces the viewer follows the mouse."""
        return self.turned(np.pi * dx / size[1], np.pi * dy / size[1])

    def turned(self, about_up: float, about_right: float) -> Camera:
        """Turn what is seen about the screen's vertical and horizontal (radians)."""
        spin = turn((0, 1, 0), about_up) @ turn((1, 0, 0), about_right)
        right, up, back = spin @ self.rotation
        back = back / np.linalg.norm(back)  # thousands of small turns must not distort
        right = np.cross(up, back)
        right /= np.linalg.norm(right)
        return replace(self, rotation=_read_only([right, np.cross(back, right), back]))

    def spun(self, angle: float) -> Camera:
        """Turn what is seen (radians) about that Cartesian axis which stands most upright."""
        up = self.rotation[1]
        axis = np.zeros(3)
        place = int(np.argmax(np.abs(up)))
        axis[place] = np.sign(up[place])
        return replace(self, rotation=_read_only(self.rotation @ turn(axis, angle)))

    def rolled(self, angle: float) -> Camera:
        """Turn what is seen counterclockwise on the screen (radians)."""
        right, up, back = turn((0, 0, 1), angle) @ self.rotation
        return replace(self, rotation=_read_only([right, up, back]))

    def panned(self, dx: float, dy: float, size: Size) -> Camera:
        """Drag by pixels: what lies at the depth of the centre follows the mouse."""
        shift = np.array([-dx, dy, 0.0]) / self.scale(size)
        return self.centred(self.centre + shift @ self.rotation)

    def zoomed(self, factor: float, at: Size, size: Size) -> Camera:
        """Enlarge by `factor`; the point under the pixel `at` stays there."""
        height = float(np.clip(self.height / factor, SMALLEST_HEIGHT, LARGEST_HEIGHT))
        away = np.array([at[0] - size[0] / 2, size[1] / 2 - at[1], 0.0]) / size[1]
        shift = away * (self.height - height)
        return replace(self, height=height, centre=_read_only(self.centre + shift @ self.rotation))

    def centred(self, centre: ArrayLike) -> Camera:
        """Orbit about another point (3,) in A, brought to the middle."""
        return replace(self, centre=_read_only(centre))

    def looking_from(self, direction: ArrayLike, up: ArrayLike) -> Camera:
        """See the scene from `direction` (3,), with `up` (3,) upwards on the screen."""
        back = np.asarray(direction, float)
        back = back / np.linalg.norm(back)
        up = np.asarray(up, float)
        right = np.cross(up, back)
        if np.linalg.norm(right) < 1e-6 * np.linalg.norm(up):  # both point the same way
            right = np.cross(np.eye(3)[np.argmin(np.abs(back))], back)
        right /= np.linalg.norm(right)
        return replace(self, rotation=_read_only([right, np.cross(back, right), back]))

    def facing(self, low: ArrayLike, high: ArrayLike) -> Camera:
        """See a box slightly from above: z upwards, or to the right where the box is long in z."""
        x, y, z = np.asarray(high, float) - np.asarray(low, float)
        right, up = (2, int(y > x)) if z > 1.3 * max(x, y) else (int(y > 1.3 * x), 2)
        axes = np.eye(3)
        back = np.cross(axes[right], axes[up])
        return self.looking_from(back, axes[up]).turned(-0.35, 0.25)

    def fitted(self, low: ArrayLike, high: ArrayLike, size: Size) -> Camera:
        """The box from `low` to `high` (3,) fills the pane, whichever way it is turned now."""
        low, high = np.asarray(low, float), np.asarray(high, float)
        corners = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
        seen = (low + corners * (high - low) - (low + high) / 2) @ self.rotation.T
        width, height, depth = np.abs(seen).max(axis=0) * 2
        needed = max(height, width * size[1] / max(size[0], 1.0), 1.0)
        if self.perspective:  # the near side looks larger
            needed += depth * np.tan(FIELD_OF_VIEW / 2)
        return replace(self, centre=_read_only((low + high) / 2), height=float(needed) * 1.08)

    # seeing

    def project(self, positions: ArrayLike, size: Size) -> Floats:
        """(n, 3) positions in A to (n, 3): pixels x and y, and z of view coordinates."""
        seen = (np.asarray(positions, float) - self.centre) @ self.rotation.T
        scale = self.scale(size) / self.shrink(seen[..., 2])
        x = size[0] / 2 + seen[..., 0] * scale
        y = size[1] / 2 - seen[..., 1] * scale
        return np.stack([x, y, seen[..., 2]], axis=-1)

    def shrink(self, z: Any) -> Any:
        """How much smaller things look at depth z than at that of the centre."""
        return 1.0 - z / self.distance

    def view_matrix(self, offset: ArrayLike = (0.0, 0.0, 0.0)) -> Floats:
        """(4, 4) from positions counted from `offset` to view coordinates (column vectors)."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.rotation
        matrix[:3, 3] = self.rotation @ (np.asarray(offset, float) - self.centre)
        return matrix

    def projection_matrix(self, size: Size, near: float, far: float) -> Floats:
        """(4, 4) from view coordinates to clip coordinates; what is seen lies at near > z > far."""
        matrix = np.zeros((4, 4))
        matrix[0, 0] = 2 * size[1] / size[0] / self.height
        matrix[1, 1] = 2 / self.height
        matrix[3, 3] = 1.0
        if not self.perspective:
            matrix[2, 2], matrix[2, 3] = -2 / (near - far), (near + far) / (near - far)
            return matrix
        eye = self.distance
        n, f = eye - near, eye - far
        matrix[3, 2] = -1 / eye
        matrix[2, 2] = -(f + n) / (f - n) / eye
        matrix[2, 3] = ((f + n) * eye - 2 * f * n) / (f - n) / eye
        return matrix

    def depths(self, middle: ArrayLike, radius: float) -> tuple[float, float]:
        """(near, far) z between which a ball about `middle` (3,) lies, before the eye."""
        z = float((np.asarray(middle, float) - self.centre) @ self.rotation[2])
        near, far = z + radius * 1.01 + 0.1, z - radius * 1.01 - 0.1
        if self.perspective:
            near = min(near, 0.98 * self.distance)
            far = min(far, near - 1e-3 * self.distance)
        return near, far
