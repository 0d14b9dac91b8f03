"""Benchmarks: commands that print JSON; never tests with times in them."""
