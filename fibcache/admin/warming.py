"""Warm-ups in the console: begun, watched, stopped and gone on with."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chat.admin.conversations import ReadOnly
from chat.models import Tenant
from chat.services import warm_ups
from chat.warming.asked import most_asked
from chat.warming.questions import BadQuestions, Wanted, read_questions
from fibcache.models import PER_MINUTE, PER_MINUTE_AT_MOST, WarmUp

from .entries import own_tenant

LIST = "admin:fibcache_warmup_changelist"


class BeginForm(forms.Form):
    """What to ask, for whom and how fast."""

    source = forms.ChoiceField(
        label=gettext_lazy("Frågor från"),
        choices=WarmUp.Source.choices,
        initial=WarmUp.Source.ASKED,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "En fråga per rad, eller .tsv eller .jsonl med question och kanske language."
        ),
    )
    tenant = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Tenant.objects.all(), empty_label=None
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("Frågor per minut"),
        initial=PER_MINUTE,
        min_value=1,
        max_value=PER_MINUTE_AT_MOST,
        help_text=gettext_lazy(
            "Så många frågor får språkmodellen i minuten, 1–987. Enhet: frågor."
        ),
    )

    def __init__(self, *args: Any, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions: list[Wanted] = []
        tenants = Tenant.objects.all()
        self.fields["tenant"].queryset = tenants.filter(slug=own) if own else tenants

    def clean(self) -> dict[str, Any]:
        """Read the questions, so that what is wrong with them is told here."""
        wanted = super().clean() or {}
        if wanted.get("source") == WarmUp.Source.FILE:
            self._read(wanted.get("file"))
        elif wanted.get("tenant") is not None:
            self.questions = most_asked(tenant=wanted["tenant"].slug)
            if not self.questions:
                raise ValidationError(_("Ingen har ställt någon fråga vars svar får delas."))
        return wanted

    def _read(self, file: Any) -> None:
        if file is None:
            self.add_error("file", _("Välj en fil."))
            return
        try:
            self.questions = read_questions(file.read(), file.name)
        except BadQuestions as error:
            self.add_error("file", str(error))


@admin.register(WarmUp)
class WarmUpAdmin(ReadOnly):
    list_display = (
        "created",
        "asked_for",
        "state",
        "progress",
        "button",
        "stored",
        "already",
        "unkept",
        "failed",
        "tenant",
    )
    list_display_links = ("created",)
    list_filter = ("state", "source")
    change_list_template = "admin/fibcache/warmup/list.html"
    fields = (
        *("created", "by", "asked_for", "tenant", "per_minute", "state", "progress"),
        *("stored", "already", "unkept", "failed", "lines", "finished"),
    )

    class Media:
        css = {"all": ("chat/console.css",)}

    def may_begin(self, request: HttpRequest) -> bool:
        """Tell whether the reader may begin, stop and go on with warm-ups."""
        return bool(request.user.has_perm("fibcache.add_warmup"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[WarmUp]:
        rows, own = super().get_queryset(request).defer("questions"), own_tenant(request)
        return rows.filter(tenant=own) if own else rows

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return shown if self.may_begin(request) else tuple(n for n in shown if n != "button")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        step = "<int:pk>/{}/"
        return [
            path("begin/", view(self.begin_view), name="fibcache_warmup_begin"),
            path(
                step.format("cancel"),
                view(require_POST(self.cancel_view)),
                name="fibcache_warmup_cancel",
            ),
            path(
                step.format("resume"),
                view(require_POST(self.resume_view)),
                name="fibcache_warmup_resume",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show all there were, and the way to a new one."""
        extra = {**(extra_context or {}), "may_begin": self.may_begin(request)}
        return super().changelist_view(request, extra)

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Ask what to ask, and hand it to the servers."""
        if not self.may_begin(request):
            raise PermissionDenied
        own = own_tenant(request)
        bound = (request.POST, request.FILES) if request.method == "POST" else ()
        form = BeginForm(*bound, own=own, initial={"tenant": own or None})
        if form.is_bound and form.is_valid():
            return self._begun(request, form)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
            "title": _("Värm cachen"),
            "form": form,
        }
        return render(request, "admin/fibcache/warmup/begin.html", context)

    def _begun(self, request: HttpRequest, form: BeginForm) -> HttpResponse:
        wanted = form.cleaned_data
        from_file = wanted["source"] == WarmUp.Source.FILE
        row = warm_ups.begin(
            source=wanted["source"],
            name=wanted["file"].name if from_file else "",
            questions=form.questions,
            tenant=wanted["tenant"].slug,
            per_minute=wanted["per_minute"],
            user_id=request.user.pk,
        )
        self.log_addition(request, row, [])
        messages.success(request, _("Servern ställer %d frågor i bakgrunden.") % row.total)
        return HttpResponseRedirect(reverse(LIST))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop before the next question."""
        return self._changed(request, pk, warm_ups.cancel, _("Avbruten."))

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go on where it stopped."""
        return self._changed(request, pk, warm_ups.resume, _("Fortsätter."))

    def _changed(self, request: HttpRequest, pk: int, change: Any, said: str) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=pk).first()
        if not self.may_begin(request):
            raise PermissionDenied
        if row is not None and change(pk=pk):
            self.log_change(request, row, said)
            messages.success(request, said)
        else:
            messages.warning(request, _("Uppvärmningen var redan i ett annat läge."))
        return HttpResponseRedirect(reverse(LIST))

    @admin.display(description=gettext_lazy("frågor från"), ordering="source")
    def asked_for(self, row: WarmUp) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("framsteg"))
    def progress(self, row: WarmUp) -> str:
        said = _("%(position)d av %(total)d") % {"position": row.position, "total": row.total}
        return format_html(
            '<progress value="{}" max="{}" aria-label="{}"></progress> {}',
            row.position,
            max(row.total, 1),
            said,
            said,
        )

    @admin.display(description=gettext_lazy("rader som misslyckades"))
    def lines(self, row: WarmUp) -> str:
        return "\n".join(f"{problem['line']}: {problem['code']}" for problem in row.problems) or "–"

    @admin.display(description="")
    def button(self, row: WarmUp) -> str:
        # Inside the list's own form, whose CSRF token comes along.
        if row.state in warm_ups.UNDER_WAY:
            step, said = "cancel", _("Avbryt")
        elif row.state == WarmUp.State.CANCELLED:
            step, said = "resume", _("Fortsätt")
        else:
            return "–"
        return format_html(
            '<button type="submit" class="button" formaction="{}" aria-label="{} {}">{}</button>',
            reverse(f"admin:fibcache_warmup_{step}", args=(row.pk,)),
            said,
            row,
            said,
        )
