"""`make bench`: how much slower than a bare implementation on the same server is ours? See docs/bench.md."""
