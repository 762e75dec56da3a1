"""Pairs of questions that are kept apart, in the console: why, since when, and until you say so."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chat.admin.conversations import ReadOnly
from fibcache import quarantine, services
from fibcache.models import QuarantinedPair

from .entries import own_tenant


@admin.register(QuarantinedPair)
class QuarantineAdmin(ReadOnly):
    list_display = ("asked_shown", "remembered_shown", "lift", "created", "why", "turn", "tenant")
    list_display_links = None
    list_filter = ("tenant",)
    search_fields = ("asked", "remembered")
    search_help_text = gettext_lazy("Ord ur en av de maskerade frågorna")
    change_list_template = "admin/fibcache/quarantinedpair/list.html"
    actions = ("lift_chosen",)

    class Media:
        css = {"all": ("chat/console.css",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # one lifts a pair, and with it every row of the same pair

    def may_lift(self, request: HttpRequest) -> bool:
        """Tell whether the reader may let pairs share answers again."""
        return bool(request.user.has_perm("fibcache.delete_quarantinedpair"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedPair]:
        rows, own = super().get_queryset(request), own_tenant(request)
        return rows.filter(tenant=own) if own else rows

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if self.may_lift(request) else tuple(n for n in shown if n != "lift")

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if self.may_lift(request) else {}

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("pairs.tsv", view(self.pairs_view), name="fibcache_quarantinedpair_pairs"),
            path(
                "<int:pk>/lift/",
                view(require_POST(self.lift_view)),
                name="fibcache_quarantinedpair_lift",
            ),
            *super().get_urls(),
        ]

    def pairs_view(self, request: HttpRequest) -> HttpResponse:
        """Give the pairs as a file of labelled pairs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).order_by("id")
        return HttpResponse(
            "".join(quarantine.written(rows)),
            content_type="text/tab-separated-values; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="alice-karantan.tsv"'},
        )

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let one pair share answers again."""
        if not self.may_lift(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is not None:  # somebody else may have been faster
            self._lift(request, row)
        messages.success(request, _("Paret får dela svar igen."))
        return HttpResponseRedirect(reverse("admin:fibcache_quarantinedpair_changelist"))

    @admin.action(description=gettext_lazy("Låt valda par dela svar igen"))
    def lift_chosen(self, request: HttpRequest, queryset: QuerySet[QuarantinedPair]) -> None:
        rows = list(queryset)
        for row in rows:
            self._lift(request, row)
        messages.success(request, _("Paren får dela svar igen."))

    def _lift(self, request: HttpRequest, row: QuarantinedPair) -> None:
        quarantine.lift(row=row)
        services.note_lift(row=row, user_id=request.user.pk)

    @admin.display(description=gettext_lazy("ställd fråga"), ordering="asked")
    def asked_shown(self, row: QuarantinedPair) -> str:
        return row.asked or _("en persons egen")

    @admin.display(description=gettext_lazy("fråga i cachen"), ordering="remembered")
    def remembered_shown(self, row: QuarantinedPair) -> str:
        return row.remembered or _("en persons egen")

    @admin.display(description=gettext_lazy("varför"), ordering="score")
    def why(self, row: QuarantinedPair) -> str:
        score = number_format(row.score, decimal_pos=2)
        return _("Tumme ner; likheten var %(score)s.") % {"score": score}

    @admin.display(description=gettext_lazy("tur"))
    def turn(self, row: QuarantinedPair) -> str:
        where = reverse("admin:chat_turnrecord_change", args=(row.turn_id,))
        return format_html('<a href="{}">{}</a>', where, str(row.turn_id)[:8])

    @admin.display(description=gettext_lazy("häv"))
    def lift(self, row: QuarantinedPair) -> str:
        # Inside the list's own form, whose CSRF token comes along.
        return format_html(
            '<button type="submit" class="button" formaction="{}" aria-label="{}">{}</button>',
            reverse("admin:fibcache_quarantinedpair_lift", args=(row.pk,)),
            _("Låt ”%(asked)s” dela svar igen") % {"asked": self.asked_shown(row)},
            _("Häv"),
        )
