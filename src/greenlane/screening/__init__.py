"""Watch lists and name screening: formats, index, score, delta. Knows no framework."""
