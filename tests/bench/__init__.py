"""Benchmarks: figures as ratios against baselines that are taken in the same run, on the same machine."""
