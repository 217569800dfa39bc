"""Watch lists and name screening: formats, normalization, index, score, delta. Knows no framework."""
