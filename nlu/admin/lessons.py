"""Lessons in the console: asked for, watched, judged by their report, kept or thrown away."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from chat import wiring
from chat.admin.conversations import ReadOnly
from chat.models import User
from chat.services import lessons
from nlu.core.reports import tally_in
from nlu.core.trials import FOLDS, Tally
from nlu.models import IntentExample, IntentLesson

from .shown import interval, lesson_page, percent

LIST = "admin:nlu_intentlesson_changelist"
State = IntentLesson.State
LOOK_AGAIN_S = 2  # a page that shows progress fetches itself again, without a script


@admin.register(IntentLesson)
class IntentLessonAdmin(ReadOnly):
    list_display = ("name", "created", "state", "progress", "result", "by", "in_force")
    list_display_links = ("name",)
    list_select_related = ("by",)
    fields = ("created", "by", "state", "examples", "version")
    change_list_template = "admin/nlu/intentlesson/list.html"
    change_form_template = "admin/nlu/intentlesson/detail.html"

    class Media:
        css = {"all": ("chat/console.css",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("packed")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        steps = {
            "keep": self.keep_view,
            "discard": self.discard_view,
            "cancel": self.cancel_view,
        }
        return [
            path("begin/", view(require_POST(self.begin_view)), name="nlu_intentlesson_begin"),
            path("aside/", view(require_POST(self.aside_view)), name="nlu_intentlesson_aside"),
            *(
                path(f"<int:pk>/{name}/", view(require_POST(step)), name=f"nlu_intentlesson_{name}")
                for name, step in steps.items()
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show all lessons there were, and the way to a new one."""
        under_way = IntentLesson.objects.filter(state__in=lessons.UNDER_WAY).exists()
        extra = {
            "may_learn": self._may(request, "add") and not under_way,
            "may_decide": self._may(request, "change"),
            "has_examples": IntentExample.objects.exists(),
            "taught": bool(lessons.version_in_force()),
            "outdated": _outdated(),
            "look_again_s": LOOK_AGAIN_S if under_way else None,
        }
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a lesson's report, and the buttons that settle it."""
        row = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if row is not None:
            in_force = bool(row.version) and row.version == lessons.version_in_force()
            waiting = row.state in lessons.UNDER_WAY
            there = IntentLesson.objects.filter(pk=row.pk).exclude(packed=b"").exists()
            extra = {
                "lesson": row,
                "percent": percent(row.done),
                "in_force": in_force,
                "under_way": waiting,
                "look_again_s": LOOK_AGAIN_S if waiting else None,
                "may_keep": self._may(request, "change") and there and not in_force,
                "may_discard": self._may(request, "change") and row.state == State.READY,
                "may_decide": self._may(request, "change"),
                "report": _report(row.report) if row.report else None,
                "title": str(row),
            }
        return super().change_view(request, object_id, extra_context=extra)

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Ask the servers to learn."""
        if not self._may(request, "add"):
            raise PermissionDenied
        try:
            row = lessons.begin(user_id=request.user.pk)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return HttpResponseRedirect(reverse(LIST))
        self.log_addition(request, row, [{"added": {}}])
        return HttpResponseRedirect(lesson_page(row))

    def keep_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a lesson in force."""
        row = self._row(request, pk)
        try:
            revision = lessons.keep(pk=pk, author=_author(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            self.log_change(request, row, _("Behållen."))
            messages.success(request, _in_force_as(revision))
        return HttpResponseRedirect(lesson_page(row))

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw away what was learnt."""
        row = self._row(request, pk)
        if lessons.discard(pk=pk):
            self.log_change(request, row, _("Kastad."))
            messages.success(request, _("Kastad. Alice läser som förut; exemplen finns kvar."))
        else:
            messages.warning(request, _("Lärdomen var redan i ett annat läge."))
        return HttpResponseRedirect(lesson_page(row))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop learning."""
        row = self._row(request, pk)
        if lessons.cancel(pk=pk):
            self.log_change(request, row, _("Avbruten."))
            messages.success(request, _("Avbruten."))
        else:
            messages.warning(request, _("Lärdomen var redan i ett annat läge."))
        return HttpResponseRedirect(lesson_page(row))

    def aside_view(self, request: HttpRequest) -> HttpResponse:
        """Let Alice read as she came."""
        if not self._may(request, "change"):
            raise PermissionDenied
        try:
            messages.success(request, _in_force_as(lessons.put_aside(author=_author(request))))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse(LIST))

    def _row(self, request: HttpRequest, pk: int) -> IntentLesson:
        if not self._may(request, "change"):
            raise PermissionDenied
        row = IntentLesson.objects.defer("packed").filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    @staticmethod
    def _may(request: HttpRequest, what: str) -> bool:
        return bool(request.user.has_perm(f"nlu.{what}_intentlesson"))

    @admin.display(description=gettext_lazy("lärdom"), ordering="id")
    def name(self, row: IntentLesson) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("framsteg"))
    def progress(self, row: IntentLesson) -> str:
        said = percent(row.done)
        return format_html(
            '<progress value="{}" aria-label="{}"></progress>', f"{row.done:.3f}", said
        )

    @admin.display(description=gettext_lazy("rätt på undanhållna exempel"))
    def result(self, row: IntentLesson) -> str:
        if not row.report:
            return "–"
        own = tally_in(row.report["own"])
        return f"{percent(own.was[0])} → {percent(own.becomes[0])}"

    @admin.display(description=gettext_lazy("gäller"), boolean=True)
    def in_force(self, row: IntentLesson) -> bool:
        return bool(row.version) and row.version == lessons.version_in_force()


def _report(told: dict[str, Any]) -> dict[str, Any]:
    """Word a report."""
    own, shipped = tally_in(told["own"]), tally_in(told["shipped"])
    return {
        "verdict": _verdict(own, shipped),
        "folds": FOLDS,
        "groups": [
            (_("Era exempel"), own, interval(own.was), interval(own.becomes), interval(own.gain)),
            (
                _("Exempel som Alice kom med"),
                shipped,
                interval(shipped.was),
                interval(shipped.becomes),
                interval(shipped.gain),
            ),
        ],
        "intents": [(one["intent"], tally_in(one)) for one in told["intents"]],
        "changed": [
            {
                **one,
                "before_sure": percent(one["before_sure"]),
                "after_sure": percent(one["after_sure"]),
            }
            for one in told["changed"]
        ],
        "more": told["changed_in_all"] - len(told["changed"]),
    }


def _verdict(own: Tally, shipped: Tally) -> str:
    """Say in a sentence or two what the report shows, and whether that is sure."""
    better, worse = own.better + shipped.better, own.worse + shipped.worse
    said = ngettext(
        "%(better)d mening läses bättre och %(worse)d sämre.",
        "%(better)d meningar läses bättre och %(worse)d sämre.",
        better,
    ) % {"better": better, "worse": worse}
    _gain, low, high = own.gain
    if low > 0:
        return said + " " + _("På era exempel är vinsten större än slumpen.")
    if high < 0:
        return said + " " + _("På era exempel blev det sämre, och det är inte slumpen.")
    return said + " " + _("På era exempel kan skillnaden vara slump; fler exempel säger mer.")


def _outdated() -> bool:
    shipped = wiring.understanding()
    if shipped is None:
        return False
    return lessons.is_outdated({at: one.fingerprint for at, one in shipped.models.items()})


def _author(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _in_force_as(revision: Any) -> str:
    where = reverse("admin:chat_revision_change", args=[revision.number])
    link = format_html('<a href="{}">revision {}</a>', where, revision.number)
    return format_html(_("Gäller nu överallt, som {}."), link)
