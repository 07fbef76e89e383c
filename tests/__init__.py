"""The tests. A real package, because a dependency of the tests installs a `tests` package of its own."""
