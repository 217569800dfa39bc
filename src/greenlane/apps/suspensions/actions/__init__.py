"""Actions on suspensions: proposals and decisions, answers, endings, appeals."""
