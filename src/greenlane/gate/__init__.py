"""Who comes through a door, in which role, to which account: shared by the pages and the API.

Below the doors, above the apps; it shows nothing itself.
"""
