"""Campaigns in the window: designed, run, watched and judged."""
