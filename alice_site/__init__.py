"""The Django project."""

import os

# Before NumPy is loaded. The vectors that are compared are small: threads for them only wait for
# each other, and on a busy machine a search of 30 µs then takes 12 ms.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
