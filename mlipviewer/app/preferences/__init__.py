"""Preferences: pages made from declared settings, keys, plug-ins; what a change of them does."""
