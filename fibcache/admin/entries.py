"""What the cache holds, in the console: looked through, and made to forget."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from asgiref.sync import async_to_sync
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chat import live, wiring
from chat.admin.conversations import ReadOnly
from chat.core.errors import CacheAway
from chat.showing import ROUTES
from fibcache import services
from fibcache.core.cache import FibonacciCache
from fibcache.core.choice import Choice
from fibcache.core.listing import BadPlace
from fibcache.core.tiers import TIERS
from fibcache.models import CacheEntry
from fibcache.reembedding import Progress

TIER_NAMES = [(tier.name, tier.name) for tier in TIERS]


class ChoiceForm(forms.Form):
    """Which entries to show. The fields that have no widget are reached by links."""

    text = forms.CharField(label=gettext_lazy("Sök i frågorna"), required=False, max_length=377)
    tier = forms.ChoiceField(
        label=gettext_lazy("Nivå"),
        required=False,
        choices=[("", gettext_lazy("alla")), *TIER_NAMES],
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Väg"),
        required=False,
        choices=[("", gettext_lazy("alla")), *ROUTES.items()],
    )
    model = forms.CharField(label=gettext_lazy("Modell"), required=False, max_length=377)
    intent = forms.CharField(label=gettext_lazy("Avsikt"), required=False, max_length=377)
    document = forms.CharField(label=gettext_lazy("Dokument"), required=False, max_length=377)
    revision = forms.IntegerField(label=gettext_lazy("Revision"), required=False, min_value=0)
    tenant = forms.CharField(label=gettext_lazy("Organisation"), required=False, max_length=377)
    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=377)
    order = forms.ChoiceField(
        label=gettext_lazy("Ordning"),
        required=False,
        choices=[
            ("newest", gettext_lazy("nyast först")),
            ("used", gettext_lazy("senast använda först")),
            ("hits", gettext_lazy("mest använda först")),
        ],
    )
    key = forms.CharField(required=False, max_length=377, widget=forms.HiddenInput)
    after = forms.CharField(required=False, max_length=377, widget=forms.HiddenInput)

    WISHES = ("order", "after")

    def choice(self, own_tenant: str) -> Choice:
        """Give the choice, within the one tenant that the reader may see (empty: all of them)."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in self.WISHES
        }
        chosen = Choice(**given)
        return replace(chosen, tenant=own_tenant) if own_tenant else chosen

    def query(self, **more: str) -> str:
        """Write what was asked for as a link's query, with something else in it."""
        asked = {**self.cleaned_data, "after": "", **more}
        return urlencode({name: value for name, value in asked.items() if value not in ("", None)})


@admin.register(CacheEntry)
class CacheEntryAdmin(ReadOnly):
    """The page *Cachen*. Its rows come from the store, not from a table."""

    class Media:
        css = {"all": ("chat/console.css",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("fibcache.delete_cacheentry"))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("drop/", view(self.drop_view), name="fibcache_cacheentry_drop"),
            path(
                "check/",
                view(require_POST(self.check_view)),
                name="fibcache_cacheentry_check",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show sizes, tiers and entries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, own = ChoiceForm(request.GET), own_tenant(request)
        try:
            page = self._page(form, own)
            summary = async_to_sync(services.summary)(**parts(), tenant=own)
        except CacheAway as away:
            context = {"title": _("Cachen"), "away": away.message(language())}
            return self._answer(request, "list", context)
        context = {
            "title": _("Cachen"),
            "summary": summary,
            "encoding": None if own else encoding(),
            "form": form,
            "page": page,
            "rows": [(row, ago(row.age_s), urlencode({"key": row.key})) for row in page.entries]
            if page
            else [],
            "next": form.query(after=page.after) if page and page.after else "",
            "chosen": form.query() if form.is_valid() else "",
            "narrowed": form.is_valid() and not form.choice("").everything,
            "may_drop": self.has_delete_permission(request),
            "may_check": self.has_delete_permission(request) and not own,
        }
        return self._answer(request, "list", context)

    def drop_view(self, request: HttpRequest) -> HttpResponse:
        """Ask whether to forget a choice of entries, telling how many they are; then do it."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        form = ChoiceForm(request.GET)
        here = reverse("admin:fibcache_cacheentry_changelist")
        if not form.is_valid():
            return HttpResponseRedirect(here)
        choice = form.choice(own_tenant(request))
        if request.method == "POST":
            try:
                dropped = async_to_sync(services.drop_entries)(**parts(), choice=choice)
            except CacheAway as away:
                messages.error(request, away.message(language()))
                return HttpResponseRedirect(here)
            services.note_drop(choice=choice, dropped=dropped, user_id=request.user.pk)
            said = ngettext("%d svar glömt.", "%d svar glömda.", dropped) % dropped
            messages.success(request, said)
            return HttpResponseRedirect(here)
        try:
            count = async_to_sync(services.count_entries)(**parts(), choice=choice)
        except CacheAway:
            return HttpResponseRedirect(here)  # which says so
        context = {
            "title": _("Glömma svar?"),
            "count": count,
            "everything": choice.everything,
            "form": form,
            "given": [
                (form.fields[name].label or gettext_lazy("Nyckel"), value)
                for name, value in form.cleaned_data.items()
                if value not in ("", None) and name not in form.WISHES
            ],
        }
        return self._answer(request, "drop", context)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a check finds; put it right when that button was pressed."""
        if not self.has_delete_permission(request) or own_tenant(request):
            raise PermissionDenied
        checked = async_to_sync(services.check)(
            **parts(), spiral=live.current_sync().spiral, repair="repair" in request.POST
        )
        services.note_check(checked=checked, user_id=request.user.pk)
        return self._answer(
            request, "check", {"title": _("Kontroll av cachen"), "checked": checked}
        )

    def _page(self, form: ChoiceForm, own: str) -> services.Page | None:
        if not form.is_valid():
            return None
        wanted = form.cleaned_data
        try:
            return async_to_sync(services.list_entries)(
                **parts(),
                choice=form.choice(own),
                order=wanted["order"] or "newest",
                after=wanted["after"],
            )
        except BadPlace:
            form.add_error(None, _("Sidan finns inte längre. Börja om från den första."))
            return None

    def _answer(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        common = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
        }
        return render(request, f"admin/fibcache/cacheentry/{name}.html", {**common, **context})


def own_tenant(request: HttpRequest) -> str:
    """Name the one tenant whose entries the reader may see; empty for superusers, who see all."""
    user = cast(Any, request.user)
    return "" if user.is_superuser else user.tenant_id


def language() -> str:
    """Name the reader's language, "sv" or "en"."""
    return (get_language() or "sv")[:2]


def encoding() -> Progress:
    """Tell how far this process has come with giving every entry its vector."""
    walker = wiring.reembedding()
    return Progress(wiring.encoder().fingerprint) if walker is None else walker.progress


def ago(seconds: float) -> str:
    """Say how long ago something was, in the largest unit that fits."""
    now = timezone.now()
    return str(timesince(now - timedelta(seconds=seconds), now, depth=1))


def parts() -> dict[str, Any]:
    """Give what every service needs."""
    cache = cast(FibonacciCache, wiring.kit().cache)
    return {"cache": cache, "tiers": live.current_sync().tiers}
