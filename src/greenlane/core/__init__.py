"""The program's law as pure Python: stdlib only, no clock, no files, no framework."""
