"""Colour maps and categories."""

from mlipviewer.gui.colours import categorical, colour_map, colour_map_names


def test_that_colour_maps_go_from_dark_to_bright_or_from_blue_to_red() -> None:
    sequential, diverging = ("viridis", "cividis", "plasma", "inferno"), ("coolwarm", "balance")
    assert set(colour_map_names()) == {*sequential, *diverging, "phase"}
    for name in sequential:
        brightness = colour_map(name).astype(float) @ [0.30, 0.59, 0.11]
        assert (brightness[8:] > brightness[:-8]).all()
    for name in diverging:
        low, middle, high = colour_map(name)[[0, 128, 255]].astype(int)
        assert low[2] > low[0]
        assert high[0] > high[2]
        assert middle.min() > 200
    assert abs(colour_map("phase")[0].astype(int) - colour_map("phase")[-1]).max() < 12


def test_that_categories_differ_and_repeat() -> None:
    assert len({categorical(i) for i in range(10)}) == 10
    assert categorical(10) == categorical(0)
