"""A small outside world for the demo, the tests and the benchmarks: shaped like the real one.

Everything here is seeded and knows what it wrote, so that what comes out of the other end can be compared
with what went in, to the last digit.
"""
