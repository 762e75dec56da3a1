"""Conversations and feedback in the console: how they went, never what was said.

What people write is for them alone. Staff read only what somebody wrote to them: the comments.
"""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation, Feedback, TurnRecord
from chat.showing import STEPS, milliseconds

COUNTED_AT_MOST = 987


class ShortPaginator(Paginator):
    """Pages that look one row ahead instead of counting a table which grows for ever."""

    @cached_property
    def count(self) -> int:
        """Count rows, up to a few pages' worth."""
        return len(self.object_list.values_list("pk", flat=True)[:COUNTED_AT_MOST])


class ReadOnly(admin.ModelAdmin):
    """A table that is looked at, and written by Alice alone."""

    paginator = ShortPaginator
    show_full_result_count = False
    list_per_page = 34

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TurnInline(admin.TabularInline):
    model = TurnRecord
    fields = (
        "asked_at",
        "state",
        "error_code",
        "route",
        "source",
        "tier",
        "model",
        "elapsed_ms",
        "channel",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    list_display = ("id", "tenant", "person", "turns", "created", "updated", "deleted")
    list_filter = ("tenant", ("deleted", admin.EmptyFieldListFilter))
    list_select_related = ("tenant",)
    search_fields = ("person__exact",)
    search_help_text = _("Person, till exempel user:12")
    fields = ("id", "tenant", "person", "created", "updated", "deleted")
    inlines = (TurnInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        # Counted for the rows of the page alone; a join would group the whole table first.
        turns = TurnRecord.objects.filter(conversation=OuterRef("pk")).order_by()
        counted = turns.values("conversation").annotate(rows=Count("pk")).values("rows")
        return super().get_queryset(request).annotate(turn_count=Subquery(counted))

    @admin.display(description=_("turer"))
    def turns(self, conversation: Any) -> int:
        return conversation.turn_count or 0


@admin.register(TurnRecord)
class TurnAdmin(ReadOnly):
    ordering = ("-asked_at",)
    list_display = (
        "asked_at",
        "tenant",
        "person",
        "state",
        "error_code",
        "route",
        "source",
        "tier",
        "model",
        "elapsed_ms",
        "channel",
    )
    list_filter = ("state", "route", "source", "channel", "conversation__tenant")
    list_select_related = ("conversation__tenant",)
    search_fields = ("id__exact", "conversation__person__exact")
    search_help_text = _("Turens id (X-Request-ID) eller person, till exempel user:12")
    fields = (
        "id",
        "conversation",
        *list_display[1:],
        "finish",
        "prompt_tokens",
        "completion_tokens",
        "steps",
        "asked_at",
        "answered_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TurnRecord]:
        # The words are not even fetched.
        return super().get_queryset(request).defer("question", "reply", "search", "notes", "why")

    @admin.display(description=_("stegens tid"))
    def steps(self, turn: TurnRecord) -> str:
        return "\n".join(
            f"{STEPS.get(name, name)}: {milliseconds(ms)} ms" for name, ms in turn.steps_ms.items()
        )

    @admin.display(description=_("organisation"))
    def tenant(self, turn: TurnRecord) -> str:
        return str(turn.conversation.tenant)

    @admin.display(description=_("person"))
    def person(self, turn: TurnRecord) -> str:
        return turn.conversation.person


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ("created", "thumb", "comment", "route", "source", "llm", "tenant")
    list_filter = ("thumb", "turn__route", "turn__source", "turn__conversation__tenant")
    list_select_related = ("turn__conversation__tenant",)
    search_fields = ("comment",)
    fields = ("created", "thumb", "comment", "turn", "route", "source", "llm", "tenant")

    @admin.display(description=_("väg"), ordering="turn__route")
    def route(self, feedback: Feedback) -> str:
        return feedback.turn.route

    @admin.display(description=_("källa"), ordering="turn__source")
    def source(self, feedback: Feedback) -> str:
        return feedback.turn.source

    @admin.display(description=_("modell"), ordering="turn__model")
    def llm(self, feedback: Feedback) -> str:  # `model` is the admin's own
        return feedback.turn.model

    @admin.display(description=_("organisation"))
    def tenant(self, feedback: Feedback) -> str:
        return str(feedback.turn.conversation.tenant)
