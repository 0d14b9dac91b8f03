"""What happens before there is a window: what fits, what failed last, one window for all starts."""
