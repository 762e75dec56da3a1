"""The table of vectors in PostgreSQL."""

from django.db import models
from pgvector.django import HnswIndex, VectorField

DIMENSIONS = 512


class VectorRow(models.Model):
    """One question's vector. The answer is in the store, under the same key."""

    # Which encoder made it: only vectors of one encoder can be compared.
    fingerprint = models.TextField()
    scope = models.TextField()
    key = models.TextField()
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        app_label = "vectors"  # said here, for the app is there only where it is asked for
        constraints = [
            # Also the way to all of a small scope, which is then compared exactly.
            models.UniqueConstraint(
                fields=["fingerprint", "scope", "key"], name="vectors_one_per_key"
            )
        ]
        indexes = [
            HnswIndex(name="vectors_by_cosine", fields=["vector"], opclasses=["vector_cosine_ops"])
        ]

    def __str__(self) -> str:
        return self.key
