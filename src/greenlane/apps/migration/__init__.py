"""An office's earlier records, taken into the register from a file, and every day explained."""
