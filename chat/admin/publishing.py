"""What all live settings share in the console: a save is in force at once, or not saved at all."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alice_site.live_fields import OnlyRow
from chat import revisions
from chat.models import Revision, User
from chat.sections import section_of


class SoundForm(forms.ModelForm):
    """Refuses a row that does not go with the other settings."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors:
            try:
                _try([self])
            except ValidationError as error:
                self.add_error(None, error)


class SoundRows(forms.BaseModelFormSet):
    """Refuses rows that do not go with each other or with the other settings."""

    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            _try([form for form in self.initial_forms if form.has_changed()])


def _try(rows: list[Any]) -> None:
    """Save, look at the whole, and take it back.

    Raises:
        ValidationError: the settings would contradict each other.
    """
    with transaction.atomic():
        for form in rows:
            was_adding = form.instance._state.adding
            form.instance.save()
            if was_adding:
                form.instance.pk = None
                form.instance._state.adding = True
        try:
            revisions.check_working_copies()
        finally:
            transaction.set_rollback(True)


class LiveAdmin(admin.ModelAdmin):
    """A working copy. Saving or deleting a row publishes a revision in the saver's name."""

    form = SoundForm
    list_per_page = 144

    class Media:
        css = {"all": ("chat/console.css",)}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save one row."""
        return self._publishing(super().changeform_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the rows, save what was changed in the list, or take an action on some."""
        return self._publishing(super().changelist_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, then delete one row."""
        return self._publishing(super().delete_view, request, *args, **kwargs)

    def _publishing(self, view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        author = request.user if isinstance(request.user, User) else None
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                before = Revision.objects.values_list("number", flat=True).first()
                revision = revisions.publish(author=author)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())
        if revision.number != before:
            where = reverse("admin:chat_revision_change", args=[revision.number])
            link = format_html('<a href="{}">revision {}</a>', where, revision.number)
            messages.info(request, format_html(_("Gäller nu överallt, som {}."), link))
        return response

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Delete a row the other settings can do without."""
        super().delete_model(request, obj)
        revisions.check_working_copies()  # before Django says that it went well

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete rows one by one, so that nothing a row does on its way out is skipped."""
        for row in queryset:
            row.delete()
        revisions.check_working_copies()

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_formset(request, **{"formset": SoundRows} | kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say under each setting where its value comes from."""
        row = kwargs.get("obj")
        if row is not None:
            origins = _Origins()
            for bound in context["adminform"].form:
                if said := origins.of(row, bound.name):
                    # A form that was refused has made its fields' texts already.
                    bound.help_text = bound.field.help_text = format_html(
                        '{} <span class="alice-origin">{}</span>', bound.field.help_text, said
                    )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Say last of each row where the newest of its values comes from."""
        origins = _Origins()  # one for the list: what is known of them is read once

        @admin.display(description=gettext_lazy("varifrån"))
        def origin(row: models.Model) -> str:
            return origins.newest(row)

        return (*super().get_list_display(request), origin)


class _Origins:
    """Where values come from: the code, the environment at first start, or a revision."""

    @cached_property
    def _known(self) -> Mapping[str, int | str]:
        newest = Revision.objects.only("origins").first()
        return newest.origins if newest is not None else {}

    def of(self, row: models.Model, field: str) -> str:
        """Say where a field's value comes from; nothing for a field that is no setting."""
        section = section_of(type(row))
        if field not in section.settings:
            return ""
        return self._said(self._known.get(section.path(row, field)))

    def newest(self, row: models.Model) -> str:
        """Say where the value of a row that was changed last comes from."""
        section = section_of(type(row))
        found = [self._known.get(section.path(row, field)) for field in section.settings]
        numbers = [origin for origin in found if isinstance(origin, int)]
        variables = [origin for origin in found if isinstance(origin, str)]
        return self._said(max(numbers) if numbers else next(iter(variables), None))

    @staticmethod
    def _said(origin: int | str | None) -> str:
        if origin is None:
            return _("Standardvärde.")
        if isinstance(origin, int):
            return _("Från revision %d.") % origin
        return _("Från miljön vid första starten (%s).") % origin


class FixedRows(LiveAdmin):
    """Rows that come with Alice: there are no more and no fewer."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OnlyRowAdmin(FixedRows):
    """Settings with one row: the link in the menu leads straight to its form."""

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Go to the row."""
        meta = self.model._meta
        where = f"admin:{meta.app_label}_{meta.model_name}_change"
        return HttpResponseRedirect(reverse(where, args=[OnlyRow.ONLY]))
