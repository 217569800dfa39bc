"""The app of the program's stage: the record: events, chains, receipts."""
