from django.db import migrations, models
from pgvector.django import HnswIndex, VectorExtension, VectorField


class Migration(migrations.Migration):
    """Only ever run where ALICE_VECTORS asks for pgvector; elsewhere the app is not there."""

    initial = True
    dependencies = []
    operations = [
        VectorExtension(),
        migrations.CreateModel(
            name="VectorRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.TextField()),
                ("scope", models.TextField()),
                ("key", models.TextField()),
                ("vector", VectorField(dimensions=512)),
            ],
            options={
                "indexes": [
                    HnswIndex(
                        fields=["vector"],
                        name="vectors_by_cosine",
                        opclasses=["vector_cosine_ops"],
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "scope", "key"), name="vectors_one_per_key"
                    )
                ],
            },
        ),
    ]
