"""What people and Alice have said, and what is kept so that a repeated request hears the same."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .accounts import Tenant


class Conversation(models.Model):
    """Turns that belong together: one person's, and nobody else's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, verbose_name=_("organisation"))
    person = models.CharField(_("person"), max_length=100)  # "user:12", "key:aB3…", "guest:…"
    title = models.CharField(_("rubrik"), max_length=100, blank=True)
    search = models.TextField(blank=True)  # the title casefolded: SQLite's LIKE knows only ASCII
    created = models.DateTimeField(_("skapat"), default=timezone.now)
    updated = models.DateTimeField(_("senast"), default=timezone.now, db_index=True)
    deleted = models.DateTimeField(_("raderat"), null=True, blank=True)  # can be undone for a while

    class Meta:
        verbose_name = _("samtal")
        verbose_name_plural = _("samtal")
        ordering = ("-updated",)
        indexes = (
            models.Index(fields=("tenant", "person", "-updated"), name="conversation_of_person"),
            models.Index(fields=("deleted",), name="conversation_deleted"),
        )

    def __str__(self) -> str:
        return str(self.id)  # not the title: that is in the person's own words


class TurnRecord(models.Model):
    """One message and its reply, as written."""

    class State(models.TextChoices):
        OPEN = "open", _("pågår")
        COMPLETE = "complete", _("klar")
        STOPPED = "stopped", _("avbruten")
        FAILED = "failed", _("misslyckad")

    id = models.UUIDField(primary_key=True, editable=False)  # the turn's own
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="turns", verbose_name=_("samtal")
    )
    client_id = models.CharField(max_length=200, null=True, blank=True)  # the sender's own
    question = models.TextField(_("fråga"))
    reply = models.TextField(_("svar"), blank=True)
    search = models.TextField(blank=True)  # both, casefolded
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.OPEN)
    error_code = models.CharField(_("felkod"), max_length=50, blank=True)
    route = models.CharField(_("väg"), max_length=20, blank=True)
    source = models.CharField(_("källa"), max_length=20, blank=True)
    tier = models.CharField(_("nivå"), max_length=10, blank=True)
    model = models.CharField(_("modell"), max_length=100, blank=True)
    finish = models.CharField(_("slut"), max_length=20, blank=True)
    notes = models.JSONField(default=list, blank=True)  # tool events and remarks, as on the wire
    why = models.JSONField(default=dict, blank=True)  # for the "Varför detta svar?" card
    steps_ms = models.JSONField(_("stegens tid (ms)"), default=dict, blank=True)
    elapsed_ms = models.FloatField(_("tid (ms)"), null=True, blank=True)
    prompt_tokens = models.PositiveIntegerField(_("token in"), default=0)
    completion_tokens = models.PositiveIntegerField(_("token ut"), default=0)
    praised = models.BooleanField(default=False, editable=False)  # the cache has heard a thumb up
    blamed = models.BooleanField(default=False, editable=False)  # and one down; each once for all
    channel = models.CharField(_("kanal"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("frågad"), default=timezone.now, db_index=True)
    answered_at = models.DateTimeField(_("besvarad"), null=True, blank=True)

    class Meta:
        verbose_name = _("tur")
        verbose_name_plural = _("turer")
        ordering = ("asked_at", "id")
        indexes = (models.Index(fields=("conversation", "asked_at"), name="turn_in_order"),)
        constraints = (
            # Any number without one (NULL), and each message that has one only once.
            models.UniqueConstraint(
                fields=("conversation", "client_id"), name="message_saved_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Feedback(models.Model):
    """What a person thought of an answer."""

    class Thumb(models.TextChoices):
        UP = "up", _("tumme upp")
        DOWN = "down", _("tumme ner")

    turn = models.OneToOneField(
        TurnRecord, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("tur")
    )
    thumb = models.CharField(_("tumme"), max_length=4, choices=Thumb)
    comment = models.TextField(_("kommentar"), blank=True, max_length=2000)
    created = models.DateTimeField(_("lämnad"), default=timezone.now)

    class Meta:
        verbose_name = _("återkoppling")
        verbose_name_plural = _("återkopplingar")
        ordering = ("-created",)


class ReplayRecord(models.Model):
    """What was answered under an Idempotency-Key, or the claim of the one who is answering."""

    class State(models.TextChoices):
        IN_FLIGHT = "in_flight"
        KEPT = "kept"

    person = models.CharField(max_length=100)
    key = models.CharField(max_length=64)  # SHA-256 of what the client sent, however long it was
    fingerprint = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.IN_FLIGHT)
    holder = models.CharField(max_length=200, blank=True)  # process that is answering
    turn_id = models.CharField(max_length=64, db_index=True)
    conversation_id = models.CharField(max_length=64, blank=True)
    route = models.CharField(max_length=20, blank=True)
    events = models.JSONField(default=list)  # as the caller heard them
    ended = models.JSONField(default=dict)
    expires = models.DateTimeField(db_index=True)  # of a claim: unless its holder renews it

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="key_claimed_once"),)
