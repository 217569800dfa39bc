"""The acts of this app: opening accounts, what is declared of them, and every lawful step."""
