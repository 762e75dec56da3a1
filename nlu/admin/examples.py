"""Examples of what people ask for, in the console: written, searched, brought in and taken out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chat.models import User
from nlu.core.traits import traits
from nlu.example_files import BadExamples, Row, read_examples, to_jsonl, to_tsv
from nlu.models import IntentExample

LIST = "admin:nlu_intentexample_changelist"
PROBLEMS_TOLD = 21  # lines of a file, one by one
WRITERS = {"tsv": (to_tsv, "text/tab-separated-values"), "jsonl": (to_jsonl, "application/jsonl")}


def intents() -> list[tuple[str, Any]]:
    """List every intent for a choice, by its first word."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(traits()):
        groups.setdefault(name.partition("_")[0], []).append((name, name))
    return [("", "–"), *groups.items()]


class ExampleForm(forms.ModelForm):
    """One example, its intent chosen among those there are."""

    intent = forms.ChoiceField(label=gettext_lazy("Avsikt"), choices=intents)

    class Meta:
        model = IntentExample
        fields = ("text", "intent", "language")
        widgets = {"text": forms.TextInput(attrs={"class": "vTextField", "size": 60})}


class FileForm(forms.Form):
    """A file of examples."""

    file = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy(
            "En avsikt, en tabb och en mening per rad, eller .jsonl med intent och text."
        ),
    )

    def clean_file(self) -> list[Row]:
        """Read it, so that what is wrong with it is told here."""
        file = self.cleaned_data["file"]
        try:
            return read_examples(file.read(), file.name)
        except BadExamples as error:
            raise ValidationError(str(error)) from error


class IntentFilter(admin.SimpleListFilter):
    """The intents that have examples."""

    title = gettext_lazy("avsikt")
    parameter_name = "intent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = IntentExample.objects.order_by("intent").values_list("intent", flat=True)
        return [(name, name) for name in names.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(intent=self.value()) if self.value() else queryset


@admin.register(IntentExample)
class IntentExampleAdmin(admin.ModelAdmin):
    form = ExampleForm
    list_display = ("text", "intent", "language", "by", "created")
    list_filter = (IntentFilter, "language")
    search_fields = ("text", "intent")
    list_select_related = ("by",)
    list_per_page = 89
    readonly_fields = ("by", "created")
    fields = ("text", "intent", "language", "by", "created")
    change_list_template = "admin/nlu/intentexample/list.html"

    class Media:
        css = {"all": ("chat/console.css",)}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ("text", "intent", "language")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who wrote it."""
        obj.by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="nlu_intentexample_import"),
            path("export.<str:kind>", view(self.export_view), name="nlu_intentexample_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the examples, and what may be done with all of them."""
        may_learn = request.user.has_perm("nlu.add_intentlesson")
        return super().changelist_view(request, {**(extra_context or {}), "may_learn": may_learn})

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Give all examples as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in WRITERS:
            raise Http404
        write, media_type = WRITERS[kind]
        rows = (
            Row(0, one.intent, one.text, one.language)
            for one in IntentExample.objects.order_by("intent", "language", "text")
        )
        answer = HttpResponse(write(rows), content_type=f"{media_type}; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="alice-exempel.{kind}"'
        return answer

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file, and save what is sound in it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_bound and form.is_valid():
            self._bring_in(request, form.cleaned_data["file"])
            return HttpResponseRedirect(reverse(LIST))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
            "title": _("Hämta in exempel"),
            "form": form,
        }
        return render(request, "admin/nlu/intentexample/import.html", context)

    def _bring_in(self, request: HttpRequest, rows: list[Row]) -> None:
        author = request.user if isinstance(request.user, User) else None
        saved, already, problems = bring_in(rows, author)
        said = ngettext("%d nytt exempel.", "%d nya exempel.", saved) % saved
        if already:
            said += " " + _("%d fanns redan.") % already
        messages.success(request, said)
        for line, why in problems[:PROBLEMS_TOLD]:
            messages.warning(request, _("Rad %(line)d: %(why)s") % {"line": line, "why": why})
        if len(problems) > PROBLEMS_TOLD:
            messages.warning(request, _("… och %d rader till.") % (len(problems) - PROBLEMS_TOLD))


def bring_in(rows: list[Row], author: User | None) -> tuple[int, int, list[tuple[int, str]]]:
    """Save what is sound.

    Returns:
        how many are new; how many were there already, of the same intent; and the lines that
        were refused, and why.
    """
    saved, already = 0, 0
    problems: list[tuple[int, str]] = []
    for line, intent, text, language in rows:
        example = IntentExample(text=text, intent=intent, language=language, by=author)
        try:
            example.full_clean()
        except ValidationError as error:
            same = {"key": example.key, "language": language, "intent": intent}
            if IntentExample.objects.filter(**same).exists():
                already += 1
            else:
                problems.append((line, " ".join(error.messages)))
        else:
            example.save()
            saved += 1
    return saved, already, problems
