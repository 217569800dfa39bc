"""The acts of a validation: case, notice, visit, findings, report, decision; and the plan's."""
