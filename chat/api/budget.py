"""`GET /api/budget`: what a caller has used of its limits, and has left."""

from asgiref.sync import async_to_sync
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from chat import live, wiring
from chat.budgets import budget_of, told

from . import shapes
from .auth import named
from .resource import Resource


class LimitShape(s.Serializer):
    of = s.CharField(help_text="key, user, guest, owner, tenant, address")
    measure = s.CharField(help_text="turns, tokens, day, at_once")
    limit = s.IntegerField()
    burst = s.IntegerField(allow_null=True)
    used = s.IntegerField()
    left = s.IntegerField()
    reset_s = s.FloatField(allow_null=True)
    window_s = s.IntegerField(allow_null=True)


class Budget(s.Serializer):
    limits = LimitShape(many=True)


class BudgetDoor(Resource):
    """The limits of whoever asks, and those that they share. Looking costs nothing."""

    @extend_schema(
        operation_id="budget",
        summary="Visa vad som är använt och kvar av dina gränser",
        tags=["budget"],
        responses={200: Budget, **shapes.RESOURCE_FAILURES},
    )
    def get(self, request: Request) -> Response:
        levels = async_to_sync(budget_of)(
            named(request),
            live.current_sync(),
            wiring.kit().limiter,
            address=request.META.get("REMOTE_ADDR", ""),
        )
        return Response({"limits": told(levels)})
