"""`/api/feedback`: what a caller thinks of an answer."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import live
from chat.models import Feedback
from chat.services import feedback
from chat.wiring import kit

from . import shapes
from .auth import named
from .resource import Resource, valid

TAGS = ["feedback"]


class FeedbackDoor(Resource):
    """A new thumb; one that was given before is replaced."""

    @extend_schema(
        operation_id="feedback_create",
        summary="Ge ett svar en tumme",
        tags=TAGS,
        request=shapes.NewFeedback,
        responses={201: shapes.GivenFeedback, **shapes.RESOURCE_FAILURES},
    )
    def post(self, request: Request) -> Response:
        wanted = valid(shapes.NewFeedback, request.data)
        return Response(_given(request, **wanted), status=201)


class OneFeedbackDoor(Resource):
    """The thumb of one turn."""

    @extend_schema(
        operation_id="feedback_change",
        summary="Ändra tummen eller kommentaren",
        tags=TAGS,
        request=shapes.Thumb,
        responses={200: shapes.GivenFeedback, **shapes.RESOURCE_FAILURES},
    )
    def put(self, request: Request, turn_id: UUID) -> Response:
        wanted = valid(shapes.Thumb, request.data)
        return Response(_given(request, turn_id=turn_id, **wanted))

    @extend_schema(
        operation_id="feedback_delete",
        summary="Ta tillbaka tummen",
        tags=TAGS,
        responses={204: None, **shapes.RESOURCE_FAILURES},
    )
    def delete(self, request: Request, turn_id: UUID) -> Response:
        feedback.withdraw_feedback(caller=named(request), turn_id=turn_id)
        return Response(status=204)


def _given(request: Request, **wanted: Any) -> dict[str, object]:
    given, first = feedback.give_feedback(caller=named(request), **wanted)
    why = given.turn.why
    if first and "entry" in why:  # the answer came from the cache
        up = given.thumb == Feedback.Thumb.UP
        async_to_sync(kit().cache.judge)(why, up=up, tiers=live.current_sync().tiers)
    return dict(shapes.GivenFeedback(given).data)
