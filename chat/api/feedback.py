"""`/api/feedback`: what a caller thinks of an answer."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.models import Feedback
from chat.services import feedback

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
        return Response(_told(feedback.give_feedback(caller=named(request), **wanted)), status=201)


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
        given = feedback.give_feedback(caller=named(request), turn_id=turn_id, **wanted)
        return Response(_told(given))

    @extend_schema(
        operation_id="feedback_delete",
        summary="Ta tillbaka tummen",
        tags=TAGS,
        responses={204: None, **shapes.RESOURCE_FAILURES},
    )
    def delete(self, request: Request, turn_id: UUID) -> Response:
        feedback.withdraw_feedback(caller=named(request), turn_id=turn_id)
        return Response(status=204)


def _told(given: Feedback) -> dict[str, object]:
    return dict(shapes.GivenFeedback(given).data)
