"""The rule tree of a pack, how one case is evaluated, and how the answer explains itself."""
