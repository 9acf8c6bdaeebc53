"""Runs and what is built of them: benchmarks, comparisons, gates and claims."""
