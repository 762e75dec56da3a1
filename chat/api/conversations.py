"""`/api/conversations`: a caller's own conversations."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from chat.fanout import tell_tabs_now
from chat.services import conversations, export

from . import shapes
from .auth import named
from .resource import Resource, valid

TAGS = ["conversations"]
FILES = {
    "json": (export.export_json, "application/json", "json"),
    "markdown": (export.export_markdown, "text/markdown", "md"),
}


class Wishes(s.Serializer):
    """What a list may be asked for."""

    q = s.CharField(required=False, default="", allow_blank=True, max_length=200)
    page = s.IntegerField(required=False, default=1, min_value=1, max_value=10_000)


class Format(s.Serializer):
    format = s.ChoiceField(choices=tuple(FILES), required=False, default="json")


class ConversationsDoor(Resource):
    """All of the caller's conversations."""

    @extend_schema(
        operation_id="conversations_list",
        summary="Visa samtalen, de senaste först",
        tags=TAGS,
        parameters=[Wishes],
        responses={200: shapes.ConversationPage, **shapes.RESOURCE_FAILURES},
    )
    def get(self, request: Request) -> Response:
        wishes = valid(Wishes, request.query_params)
        page = conversations.list_conversations(
            caller=named(request), search=wishes["q"], page=wishes["page"]
        )
        listed = {"results": page.conversations, "page": wishes["page"], "more": page.more}
        return Response(shapes.ConversationPage(listed).data)

    @extend_schema(
        operation_id="conversations_create",
        summary="Börja ett samtal",
        tags=TAGS,
        request=shapes.NewTitle,
        responses={201: shapes.Conversation, **shapes.RESOURCE_FAILURES},
    )
    def post(self, request: Request) -> Response:
        wanted = valid(shapes.NewTitle, request.data)
        made = conversations.create(caller=named(request), title=wanted.get("title", ""))
        return Response(shapes.Conversation(made).data, status=201)


class ConversationDoor(Resource):
    """One of the caller's conversations."""

    @extend_schema(
        operation_id="conversations_retrieve",
        summary="Visa ett samtal med alla dess turer",
        tags=TAGS,
        responses={200: shapes.WholeConversation, **shapes.RESOURCE_FAILURES},
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        caller = named(request)
        whole = conversations.open_conversation(caller=caller, conversation_id=conversation_id)
        turns = conversations.turns_of(caller=caller, conversation_id=conversation_id)
        return Response(
            {
                **shapes.Conversation(whole).data,
                "turns": shapes.TurnShape(turns, many=True).data,
            }
        )

    @extend_schema(
        operation_id="conversations_rename",
        summary="Ge samtalet en annan rubrik",
        tags=TAGS,
        request=shapes.Title,
        responses={200: shapes.Conversation, **shapes.RESOURCE_FAILURES},
    )
    def patch(self, request: Request, conversation_id: UUID) -> Response:
        title = valid(shapes.Title, request.data)["title"]
        renamed = conversations.rename(
            caller=named(request), conversation_id=conversation_id, title=title
        )
        tell_tabs_now(named(request).person)
        return Response(shapes.Conversation(renamed).data)

    @extend_schema(
        operation_id="conversations_delete",
        summary="Radera samtalet; det går att ångra i en vecka",
        tags=TAGS,
        responses={204: None, **shapes.RESOURCE_FAILURES},
    )
    def delete(self, request: Request, conversation_id: UUID) -> Response:
        conversations.delete(caller=named(request), conversation_id=conversation_id)
        tell_tabs_now(named(request).person)
        return Response(status=204)


class RestoreDoor(Resource):
    """Undo a deletion."""

    @extend_schema(
        operation_id="conversations_restore",
        summary="Hämta tillbaka ett raderat samtal",
        tags=TAGS,
        request=None,
        responses={200: shapes.Conversation, **shapes.RESOURCE_FAILURES},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        restored = conversations.restore(caller=named(request), conversation_id=conversation_id)
        tell_tabs_now(named(request).person)
        return Response(shapes.Conversation(restored).data)


class ExportDoor(Resource):
    """A conversation to take along."""

    @extend_schema(
        operation_id="conversations_export",
        summary="Ladda ner samtalet som JSON eller Markdown",
        tags=TAGS,
        parameters=[OpenApiParameter("format", str, enum=tuple(FILES), default="json")],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/markdown"): OpenApiResponse(str),
            **shapes.RESOURCE_FAILURES,
        },
    )
    def get(self, request: Request, conversation_id: UUID) -> HttpResponse:
        wanted = valid(Format, request.query_params)["format"]
        caller = named(request)
        conversation = conversations.open_conversation(
            caller=caller, conversation_id=conversation_id
        )
        write, kind, ending = FILES[wanted]
        text = write(caller=caller, conversation_id=conversation_id)
        name = export.file_name(conversation=conversation, ending=ending)
        return HttpResponse(
            text,
            content_type=f"{kind}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
