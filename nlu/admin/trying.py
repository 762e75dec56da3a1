"""The page where staff try a sentence: what Alice hears in it, how surely, and why."""

from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import live, wiring
from chat.admin.conversations import ReadOnly
from chat.models import User
from nlu.core.lessons import BadLesson
from nlu.models import EXAMPLE_CHARS, LANGUAGES, IntentExample, IntentLesson, TriedSentence
from nlu.taught import NoSuchLesson, Taught, load

from .examples import ExampleForm
from .shown import card_of, pieces_of


class TryForm(forms.Form):
    """A sentence to try."""

    text = forms.CharField(
        label=gettext_lazy("Mening"),
        max_length=EXAMPLE_CHARS,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "size": 60}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Den som skriver talar"), choices=LANGUAGES, initial="sv"
    )


@admin.register(TriedSentence)
class TriedSentenceAdmin(ReadOnly):
    """The page *Pröva en mening*. Nothing that is tried is kept, nor written in an address."""

    class Media:
        css = {"all": ("chat/console.css",)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Ask for a sentence, show what Alice makes of it, or keep it as an example."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and "intent" in request.POST:
            self._keep(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
            "title": self.model._meta.verbose_name,
            "form": form,
            "may_add": request.user.has_perm("nlu.add_intentexample"),
        }
        taught = wiring.taught()
        if taught is None:
            context["away"] = _("Avsikterna kan inte läsas; loggen säger varför.")
        elif form.is_bound and form.is_valid():
            context |= read(taught, form.cleaned_data["text"], form.cleaned_data["language"])
            told = form.cleaned_data | {"intent": context["cards"][0].intent}
            context["example"] = ExampleForm(initial=told, auto_id="example_%s")
        return render(request, "admin/nlu/triedsentence/page.html", context)

    def _keep(self, request: HttpRequest) -> None:
        if not request.user.has_perm("nlu.add_intentexample"):
            raise PermissionDenied
        form = ExampleForm(request.POST)
        if not form.is_valid():
            for error in form.errors.values():
                messages.error(request, " ".join(map(str, error)))
            return
        example: IntentExample = form.save(commit=False)
        example.by = request.user if isinstance(request.user, User) else None
        example.save()
        self.log_addition(request, example, [{"added": {}}])
        said = _("Sparad som exempel på %s. Alice lär sig av den när hon lär om.")
        messages.success(request, said % example.intent)


def read(taught: Taught, text: str, language: str) -> dict[str, Any]:
    """Let the reader in force read a sentence, and the newest lesson that awaits a decision."""
    policy = live.current_sync().understanding
    reader = async_to_sync(taught.of)(policy.lesson)
    readers = [(_("I bruk nu"), reader)]
    waiting = IntentLesson.objects.filter(state=IntentLesson.State.READY).first()
    if waiting is not None and waiting.version != policy.lesson:
        try:
            newest = load(taught.shipped, waiting.version)
        except (BadLesson, NoSuchLesson):  # learnt beside models that are here no more
            waiting = None
        else:
            readers.append((_("%s, att ta ställning till") % waiting, newest))
    zone = timezone.get_current_timezone_name()
    slots = reader.read(text, now=timezone.now(), timezone=zone, language=language).slots
    pieces = pieces_of(text, slots)
    return {
        "cards": [
            card_of(title, one, text, policy.sure_at_least, language) for title, one in readers
        ],
        "pieces": pieces,
        "slots": [piece for piece in pieces if piece.type],
        "waiting": waiting,
    }
