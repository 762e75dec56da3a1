"""`/api/cache`: what the cache holds, and how staff make it forget."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import live, wiring
from chat.core.errors import BadRequest, NotAllowed
from chat.core.turn import Caller
from chat.services.callers import sees_all_tenants
from fibcache import quarantine, services
from fibcache.core.cache import FibonacciCache
from fibcache.core.choice import Choice
from fibcache.core.listing import BadPlace
from fibcache.models import QuarantinedPair

from . import cache_shapes as told
from . import shapes
from .auth import MayOperate, named
from .errors import BadField
from .resource import Resource, asked, valid

TAGS = ["cache"]


class Everything(BadRequest):
    """Nothing narrows down what is to be forgotten, and nobody said that all of it is."""

    code = "all_not_confirmed"
    sv = "Ange ett filter, eller all=true för att tömma hela cachen."
    en = "Give a filter, or all=true to empty the whole cache."


class CacheResource(Resource):
    """A resource for staff, who see their own tenant's entries; superusers see all."""

    permission_classes = (MayOperate,)

    def chosen(self, request: Request, wanted: dict[str, Any]) -> Choice:
        """Read the filters, within what the caller may see.

        Raises:
            NotAllowed: they name another tenant.
        """
        choice, own = told.choice_of(wanted), self.own_tenant(request)
        if own and choice.tenant not in ("", own):
            raise NotAllowed()
        return replace(choice, tenant=own or choice.tenant)

    def own_tenant(self, request: Request) -> str:
        """Name the one tenant that the caller sees; empty for who sees them all."""
        caller: Caller = named(request)
        return "" if sees_all_tenants(caller=caller) else caller.tenant

    @property
    def parts(self) -> dict[str, Any]:
        """Give what every service needs."""
        return {
            "cache": cast(FibonacciCache, wiring.kit().cache),
            "tiers": live.current_sync().tiers,
        }


class CacheDoor(CacheResource):
    """What there is."""

    @extend_schema(
        operation_id="cache_retrieve",
        summary="Visa vad cachen rymmer, nivå för nivå",
        tags=TAGS,
        responses={200: told.SummaryShape, **shapes.RESOURCE_FAILURES, 503: shapes.Failure},
    )
    def get(self, request: Request) -> Response:
        summary = async_to_sync(services.summary)(**self.parts, tenant=self.own_tenant(request))
        return Response(told.SummaryShape(summary).data)


class EntriesDoor(CacheResource):
    """The entries."""

    @extend_schema(
        operation_id="cache_entries_list",
        summary="Visa svar i cachen",
        tags=TAGS,
        parameters=[told.Wishes],
        responses={200: told.EntryPage, **shapes.RESOURCE_FAILURES, 503: shapes.Failure},
    )
    def get(self, request: Request) -> Response:
        wishes = asked(told.Wishes, request.query_params)
        try:
            page = async_to_sync(services.list_entries)(
                **self.parts,
                choice=self.chosen(request, wishes),
                order=wishes["order"],
                after=wishes["after"],
                limit=wishes["limit"],
            )
        except BadPlace:
            raise BadField("after") from None
        return Response(told.EntryPage(page).data)

    @extend_schema(
        operation_id="cache_entries_delete",
        summary="Glöm svar som stämmer med filtren",
        tags=TAGS,
        parameters=[told.Dropping],
        responses={200: told.Dropped, **shapes.RESOURCE_FAILURES, 503: shapes.Failure},
    )
    def delete(self, request: Request) -> Response:
        wanted = asked(told.Dropping, request.query_params)
        if told.choice_of(wanted).everything and not wanted["all"]:
            raise Everything()
        choice = self.chosen(request, wanted)
        if wanted["dry"]:
            matching = async_to_sync(services.count_entries)(**self.parts, choice=choice)
            return Response({"matching": matching, "dropped": 0})
        dropped = async_to_sync(services.drop_entries)(**self.parts, choice=choice)
        services.note_drop(choice=choice, dropped=dropped, user_id=named(request).user_id)
        return Response({"matching": dropped, "dropped": dropped})


class CheckDoor(CacheResource):
    """Is it whole?"""

    @extend_schema(
        operation_id="cache_check",
        summary="Kontrollera cachen, och rätta den om du vill",
        description="Går igenom alla organisationers svar och kräver därför en administratör.",
        tags=TAGS,
        request=told.Checking,
        responses={200: told.CheckedShape, **shapes.RESOURCE_FAILURES},
    )
    def post(self, request: Request) -> Response:
        repair = valid(told.Checking, request.data)["repair"]
        if self.own_tenant(request):
            raise NotAllowed()
        spiral = live.current_sync().spiral
        checked = async_to_sync(services.check)(**self.parts, spiral=spiral, repair=repair)
        services.note_check(checked=checked, user_id=named(request).user_id)
        return Response(told.CheckedShape(checked).data)


class QuarantineDoor(CacheResource):
    """The pairs that are kept apart."""

    @extend_schema(
        operation_id="cache_quarantine_list",
        summary="Visa par av frågor som inte får dela svar",
        tags=TAGS,
        parameters=[told.QuarantineWishes],
        responses={200: told.QuarantinePage, **shapes.RESOURCE_FAILURES},
    )
    def get(self, request: Request) -> Response:
        before = asked(told.QuarantineWishes, request.query_params)["before"]
        rows = _quarantined(self.own_tenant(request)).order_by("-id")
        if before:
            rows = rows.filter(id__lt=before)
        found = list(rows[: services.PAGE + 1])
        listed = found[: services.PAGE]
        more = listed[-1].id if len(found) > services.PAGE else None
        return Response(told.QuarantinePage({"results": listed, "before": more}).data)


class OnePairDoor(CacheResource):
    """The pair that was told apart in one turn."""

    @extend_schema(
        operation_id="cache_quarantine_delete",
        summary="Låt ett par dela svar igen",
        tags=TAGS,
        responses={204: None, **shapes.RESOURCE_FAILURES},
    )
    def delete(self, request: Request, turn_id: UUID) -> Response:
        row = _quarantined(self.own_tenant(request)).filter(turn_id=turn_id).first()
        if row is None:
            raise Http404
        quarantine.lift(row=row)
        services.note_lift(row=row, user_id=named(request).user_id)
        return Response(status=204)


def _quarantined(own_tenant: str) -> QuerySet[QuarantinedPair]:
    rows = QuarantinedPair.objects.all()
    return rows.filter(tenant=own_tenant) if own_tenant else rows
