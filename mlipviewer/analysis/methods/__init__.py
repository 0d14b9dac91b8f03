"""The arithmetic that analyses of error tables share: fronts, graphs, fits, choices of rows."""
