"""The compiled heart of name matching: functions over arrays, jitted where numba is present.

Every function is plain Python over numpy arrays and whole numbers, so it gives the same answer with
and without the compiler. No file, no policy and no threshold lives here.
"""
