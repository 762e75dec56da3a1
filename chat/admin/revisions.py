"""What the live settings were, and the way back."""

from typing import Any

import msgspec
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import revisions
from chat.changes import changes
from chat.models import Revision, User

from .conversations import ReadOnly


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    list_display = ("number", "created", "by", "note", "diff")
    list_select_related = ("author",)
    list_per_page = 21
    search_fields = ("note", "author__username")
    fields = ("number", "created", "by", "note")
    readonly_fields = ("by",)
    change_form_template = "admin/chat/revision/detail.html"

    class Media:
        css = {"all": ("chat/console.css",)}

    @admin.display(description=gettext_lazy("av"), ordering="author")
    def by(self, revision: Revision) -> str:
        return str(revision.author) if revision.author else "Alice"

    @admin.display(description=gettext_lazy("ändringar"))
    def diff(self, revision: Revision) -> str:
        found = _changes_in(revision)
        lines = [f"{change.label}: {change.was} → {change.becomes}" for change in found[:2]]
        more = " …" if len(found) > 2 else ""
        return "; ".join(Truncator(line).chars(144) for line in lines) + more

    def get_urls(self) -> list[Any]:
        return [
            path(
                "<int:number>/back/",
                self.admin_site.admin_view(self.back_view),
                name="chat_revision_back",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a revision, what it changed, and the button that goes back to it."""
        revision = self.get_object(request, object_id)
        extra = {
            "found": _changes_in(revision) if revision else (),
            "may_go_back": revision is not None and self._may_go_back(request, revision),
            "in_force": revision is not None and _in_force(revision),
        }
        return super().change_view(request, object_id, extra_context=extra)

    def back_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask whether to go back to a revision, and do it when the answer is yes."""
        revision = Revision.objects.filter(number=number).first()
        if revision is None:
            raise Http404
        if not self._may_go_back(request, revision):
            raise PermissionDenied
        if request.method == "POST":
            return self._go_back(request, revision)
        newest = Revision.objects.all()[0]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Gå tillbaka till revision %d?") % number,
            "revision": revision,
            "found": changes(revisions.policy_of(newest), revisions.policy_of(revision)),
            "media": self.media,
        }
        return render(request, "admin/chat/revision/back.html", context)

    def _go_back(self, request: HttpRequest, revision: Revision) -> HttpResponse:
        author = request.user if isinstance(request.user, User) else None
        try:
            made = revisions.roll_back(to=revision, author=author)
        except (ValidationError, msgspec.ValidationError) as error:
            for message in getattr(error, "messages", [str(error)]):
                messages.error(request, message)
            made = revision
        else:
            self.log_change(request, made, made.note)
            said = _(
                "Inställningarna är nu som i revision %(to)d. De gäller som revision %(made)d."
            )
            messages.success(request, said % {"to": revision.number, "made": made.number})
        return HttpResponseRedirect(reverse("admin:chat_revision_change", args=[made.number]))

    def _may_go_back(self, request: HttpRequest, revision: Revision) -> bool:
        allowed = request.user.has_perm("chat.change_revision")
        return allowed and not _in_force(revision)


def _in_force(revision: Revision) -> bool:
    return not Revision.objects.filter(number__gt=revision.number).exists()


def _changes_in(revision: Revision) -> tuple[Any, ...]:
    try:
        return revisions.changes_in(revision)
    except msgspec.ValidationError:  # from before a setting changed its shape
        return ()
