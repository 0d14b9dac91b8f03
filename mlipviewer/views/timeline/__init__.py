"""The timeline: play, step and scrub; which frames are played; marks and values of frames."""

from mlipviewer.views.timeline.view import TimelineView

__all__ = ["TimelineView"]
