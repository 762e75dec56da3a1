"""The API's doors. Those in `HOT` run on the lean lane, the others on Django's stock handler."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from nlu.api import ParseDoor

from .budget import BudgetDoor
from .cache import CacheDoor, CheckDoor, EntriesDoor, OnePairDoor, QuarantineDoor
from .chat import ChatDoor, OptimizedChatDoor
from .conversations import ConversationDoor, ConversationsDoor, ExportDoor, RestoreDoor
from .embeddings import EmbeddingsDoor
from .errors import NoSuchDoor, refuse
from .feedback import FeedbackDoor, OneFeedbackDoor
from .openai import CompletionDoor, ModelDoor, ModelsDoor

HOT = [
    path("api/chat", ChatDoor.as_view(), name="chat"),
    path("api/chat/optimized", OptimizedChatDoor.as_view(), name="chat-optimized"),
    path("api/nlu/parse", ParseDoor.as_view(), name="nlu-parse"),
    path("v1/chat/completions", CompletionDoor.as_view(), name="openai-completions"),
    path("v1/embeddings", EmbeddingsDoor.as_view(), name="openai-embeddings"),
    path("v1/models", ModelsDoor.as_view(), name="openai-models"),
    path("v1/models/<path:name>", ModelDoor.as_view(), name="openai-model"),
]

RESOURCES = [
    path("api/budget", BudgetDoor.as_view(), name="budget"),
    path("api/conversations", ConversationsDoor.as_view(), name="conversations"),
    path("api/conversations/<uuid:conversation_id>", ConversationDoor.as_view()),
    path("api/conversations/<uuid:conversation_id>/restore", RestoreDoor.as_view()),
    path("api/conversations/<uuid:conversation_id>/export", ExportDoor.as_view()),
    path("api/feedback", FeedbackDoor.as_view(), name="feedback"),
    path("api/feedback/<uuid:turn_id>", OneFeedbackDoor.as_view()),
    path("api/cache", CacheDoor.as_view(), name="cache"),
    path("api/cache/entries", EntriesDoor.as_view()),
    path("api/cache/check", CheckDoor.as_view()),
    path("api/cache/quarantine", QuarantineDoor.as_view()),
    path("api/cache/quarantine/<uuid:turn_id>", OnePairDoor.as_view()),
]


@csrf_exempt
async def unknown(request: HttpRequest) -> HttpResponse:
    """Say, in the API's own shape, that nothing answers at this address."""
    return refuse(NoSuchDoor(), request)


urlpatterns = [
    *HOT,
    *RESOURCES,
    re_path(r"^(?:api|v1)/", unknown),
]
