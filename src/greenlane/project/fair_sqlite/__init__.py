"""SQLite whose writers wait in a queue, as a database engine of Django."""
