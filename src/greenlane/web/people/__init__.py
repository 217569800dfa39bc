"""Signing in, joining, one's own sign-in, and who holds which role: for people of every side.

The pages of a member's or an office's work live in their own doors.
"""
