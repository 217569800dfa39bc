"""Reports from the record: what an office, an auditor or an oversight body asks for."""
