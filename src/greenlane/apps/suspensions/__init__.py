"""The app of trust that fails: suspension, its answer and its end, removal, appeal."""
