"""`make demo` and `make smoke`: the whole system on generated files, checked against their own totals."""
