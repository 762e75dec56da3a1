"""Memory that was needed for a moment only."""

import ctypes


def give_back() -> None:
    """Give memory that is free again back to the system.

    Unpacking takes some 14 MB beside what is kept, and glibc holds on to them. Other C libraries
    have no `malloc_trim`, and there nothing is done.

    Source:
        malloc_trim(3), GNU C Library.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # Windows takes no None
        return
    trim(0)
