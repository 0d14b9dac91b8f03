"""Parts of the scripts that make the example data."""
