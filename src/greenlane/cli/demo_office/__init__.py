"""The demonstration office: invented people and companies, made by calling the real actions.

Nothing here writes a table by itself, so the demonstration's record is as sound as a real one.
"""
