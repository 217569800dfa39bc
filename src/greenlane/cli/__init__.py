"""The command line, a thin door: one module per command group."""
