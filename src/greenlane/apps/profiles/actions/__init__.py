"""The acts on a security profile: the member's in ``answers``, the specialist's in ``reviews``."""
