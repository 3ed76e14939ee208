"""What `make check` runs besides the linter and the type checker."""
