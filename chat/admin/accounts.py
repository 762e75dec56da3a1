"""Organisations, people and API keys in the console."""

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import APIKey as UnusedKey

from chat.models import ApiKey, Tenant, User
from chat.models.accounts import SCOPES
from chat.services import keys

for unused in (UnusedKey, AccessLog, AccessFailureLog):  # libraries' tables, where nothing is kept
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
"""What only a superuser gives and takes: else staff could make themselves superusers."""


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        return ("slug",) if obj else ()  # people, conversations and cached answers go by it


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "email", "tenant", "is_staff", "is_active", "last_login")
    list_filter = ("tenant", "is_staff", "is_superuser", "is_active")
    list_select_related = ("tenant",)
    fieldsets = (*DjangoUserAdmin.fieldsets, (_("Organisation"), {"fields": ("tenant",)}))
    add_fieldsets = (
        *DjangoUserAdmin.add_fieldsets,
        (_("Organisation"), {"fields": ("tenant",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request: HttpRequest, obj: User | None) -> bool:
        """Keep staff from taking over an account that may more than they do, by its password."""
        return obj is None or request.user.is_superuser or not obj.is_staff or obj == request.user


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """A group is powers: staff could give themselves any by changing their own."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("omfattning"),
        choices=tuple(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["chat"],
        help_text=_("Vad nyckeln får användas till. Drift kräver att ägaren är driftansvarig."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "expiry_date", "revoked")


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys are made here and shown once; later they can be revoked, or changed for new ones."""

    change_form_template = "admin/chat/apikey/detail.html"

    list_display = (
        "visible_prefix",
        "name",
        "owner",
        "revoked",
        "last_used",
        "expiry_date",
        "scope_names",
        "tenant",
        "created",
    )
    list_filter = ("revoked", "owner__tenant")
    list_select_related = ("owner__tenant", "replaced_by")
    search_fields = ("prefix", "name", "owner__username")
    autocomplete_fields = ("owner",)
    actions = ("revoke",)
    fixed = (
        "visible_prefix",
        "owner",
        "scope_names",
        "created",
        "expiry_date",
        "last_used",
        "predecessor",
        "successor",
    )

    def get_form(self, request: HttpRequest, obj: ApiKey | None = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = ApiKeyForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is None:
            return ("name", "owner", "scopes", "expiry_date")
        return ("visible_prefix", "name", *self.fixed[1:], "revoked")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is None:
            return ()
        return (*self.fixed, "name", "revoked") if obj.revoked else self.fixed

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Let staff make keys of members and of their own: a key may do what its owner may."""
        if db_field.name == "owner" and not request.user.is_superuser:
            kwargs["queryset"] = User.objects.filter(Q(is_staff=False) | Q(pk=request.user.pk))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            obj.save()
            return
        key = ApiKey.objects.assign_key(obj)
        obj.save()
        self._show_once(request, obj, key)

    @staticmethod
    def _show_once(request: HttpRequest, made: ApiKey, key: str) -> None:
        messages.warning(
            request,
            format_html(
                gettext("Nyckeln {} är {} – kopiera den nu, den visas bara den här gången."),
                made.name,
                format_html("<code>{}</code>", key),
            ),
        )

    def get_urls(self) -> list[Any]:
        rotate = self.admin_site.admin_view(self.rotate_view)
        return [
            path("<path:object_id>/rotate/", rotate, name="chat_apikey_rotate"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a key, and the way to a new one."""
        key = self.get_object(request, unquote(object_id))
        extra = {"may_rotate": key is not None and self._may_rotate(request, key)}
        return super().change_view(request, object_id, extra_context=extra)

    def rotate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask how long the old key goes on, and make the new one when the answer has come."""
        key = self.get_object(request, unquote(object_id))
        if key is None:
            raise Http404
        if not self._may_rotate(request, key):
            raise PermissionDenied
        if request.method == "POST":
            return self._rotate(request, key)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": gettext("Byt ut nyckeln"),
            "key": key,
            "overlaps": keys.OVERLAPS_H.items(),
            "overlap_h": keys.OVERLAP_H,
        }
        return render(request, "admin/chat/apikey/rotate.html", context)

    def _rotate(self, request: HttpRequest, key: ApiKey) -> HttpResponse:
        told = request.POST.get("overlap_h", "")
        try:
            hours = int(told) if told.isdecimal() and len(told) < 5 else -1
            made, secret = keys.rotate(key=key, overlap_h=hours)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            made = key
        else:
            self.log_addition(request, made, [{"added": {}}])
            self.log_change(request, key, gettext("Utbytt mot %s…") % made.visible)
            self._show_once(request, made, secret)
        return HttpResponseRedirect(reverse("admin:chat_apikey_change", args=[quote(made.pk)]))

    def _may_rotate(self, request: HttpRequest, key: ApiKey) -> bool:
        if key.revoked or key.has_expired or hasattr(key, "replaced_by"):
            return False
        mine = request.user.is_superuser or not key.owner.is_staff or key.owner == request.user
        return mine and self.has_change_permission(request, key)

    @admin.action(description=_("Återkalla valda nycklar"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = 0
        for key in queryset.filter(revoked=False):
            key.revoked = True
            key.save()
            self.log_change(request, key, gettext("Återkallad."))
            count += 1
        messages.success(request, gettext("%d nycklar återkallade.") % count)

    @admin.display(description=_("nyckel"), ordering="prefix")
    def visible_prefix(self, key: ApiKey) -> str:
        return f"{key.visible}…"

    @admin.display(description=_("ersätter"))
    def predecessor(self, key: ApiKey) -> str:
        return f"{key.replaces.visible}…" if key.replaces else "–"

    @admin.display(description=_("ersatt av"))
    def successor(self, key: ApiKey) -> str:
        new = getattr(key, "replaced_by", None)
        return f"{new.visible}…" if new else "–"

    @admin.display(description=_("organisation"), ordering="owner__tenant")
    def tenant(self, key: ApiKey) -> str:
        return str(key.owner.tenant)

    @admin.display(description=_("omfattning"))
    def scope_names(self, key: ApiKey) -> str:
        return ", ".join(str(SCOPES.get(scope, scope)) for scope in key.scopes)
