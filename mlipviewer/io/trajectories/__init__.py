"""Trajectories from files: one file per format, recognised by content.

`opening.open_trajectory(path)` is the way in. A format is one entry of `opening.FORMATS`: to add
one, write its file and enter it there. Nothing is imported here: a window needs no reader to start.
"""
