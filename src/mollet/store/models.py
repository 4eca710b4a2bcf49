"""The tables. Two kinds of rows come from outside, entries and measures; nights are derived from them.

Every table has a key of its own and every row a person: nobody can reach another's.
"""

import uuid
from typing import ClassVar

from django.db import models


class Person(models.Model):
    """Somebody with a diary, and how they wish to be spoken to."""

    key = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    diary = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=8, blank=True, default="")  # empty: as the browser asks
    theme = models.CharField(max_length=8, default="auto")
    country = models.CharField(max_length=2, default="FR")
    zone = models.CharField(max_length=64, default="Europe/Paris")
    hours = models.CharField(max_length=2, default="24")

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One generation of what a file brought; undone, it is no longer counted, and the file may come again."""

    key = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="imports")
    id = models.UUIDField()
    format = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        """One import of an id for each person."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "id"], name="import_of_person")]

    def __str__(self) -> str:
        return f"{self.format} {self.id}"


class Entry(models.Model):
    """One thing a person said: ``content`` is all of it; the other columns repeat what is looked for."""

    key = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="entries")
    id = models.UUIDField()
    about = models.UUIDField()
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()
    night = models.DateField(null=True)  # as named in it; never computed
    content = models.JSONField()
    origin = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        """One entry of an id for each person; found by thing, kind, moment and night."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "id"], name="entry_of_person")]
        indexes: ClassVar = [
            models.Index(fields=["person", "about"], name="entry_about"),
            models.Index(fields=["person", "kind", "subject"], name="entry_subject"),
            models.Index(fields=["person", "at"], name="entry_at"),
            models.Index(fields=["person", "night"], name="entry_night"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Measure(models.Model):
    """A daily aggregate of one source, as one import brought it."""

    key = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measures")
    origin = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="measures")
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    night = models.DateField()
    value = models.FloatField()
    coverage = models.FloatField(default=1.0)

    class Meta:
        """One measure of a source, kind and night in each import."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "origin", "source", "kind", "night"], name="measure_of_person")
        ]
        indexes: ClassVar = [models.Index(fields=["person", "night"], name="measure_night")]

    def __str__(self) -> str:
        return f"{self.kind} {self.night}"


class TableFood(models.Model):
    """A food of a public table that the person loaded; the newest table that holds takes the place of our list."""

    key = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="foods")
    origin = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="foods")
    number = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True, default="")  # by which our list may know it
    words = models.CharField(max_length=500)  # its names without accents, as they are looked for
    content = models.JSONField()

    class Meta:
        """One food of a number in each import; found by code."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "origin", "number"], name="food_of_person")]
        indexes: ClassVar = [models.Index(fields=["person", "code"], name="food_code")]

    def __str__(self) -> str:
        return self.words


class Night(models.Model):
    """A night of which something was said, derived from the entries: drop it, derive it again, nothing is lost."""

    key = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="nights")
    date = models.DateField()
    cramps = models.IntegerField(null=True)  # empty until the morning answer closes the night
    at_least = models.IntegerField(default=0)
    content = models.JSONField()

    class Meta:
        """One night of a date for each person."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "date"], name="night_of_person")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
