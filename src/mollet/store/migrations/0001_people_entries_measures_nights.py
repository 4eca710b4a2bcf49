import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("diary", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("theme", models.CharField(default="auto", max_length=8)),
                ("country", models.CharField(default="FR", max_length=2)),
                ("zone", models.CharField(default="Europe/Paris", max_length=64)),
                ("hours", models.CharField(default="24", max_length=2)),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField()),
                ("format", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("undone", models.DateTimeField(null=True)),
                ("report", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="store.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField()),
                ("about", models.UUIDField()),
                ("kind", models.CharField(max_length=16)),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("at", models.DateTimeField()),
                ("night", models.DateField(null=True)),
                ("content", models.JSONField()),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.import",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="store.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Night",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                ("date", models.DateField()),
                ("cramps", models.IntegerField(null=True)),
                ("at_least", models.IntegerField(default=0)),
                ("content", models.JSONField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nights", to="store.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "date"), name="night_of_person")],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("key", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=80)),
                ("night", models.DateField()),
                ("value", models.FloatField()),
                ("coverage", models.FloatField(default=1.0)),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="store.import"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="store.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "night"], name="measure_night")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "origin", "source", "kind", "night"), name="measure_of_person"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(fields=("person", "id"), name="import_of_person"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["person", "about"], name="entry_about"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["person", "kind", "subject"], name="entry_subject"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["person", "at"], name="entry_at"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["person", "night"], name="entry_night"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("person", "id"), name="entry_of_person"),
        ),
    ]
