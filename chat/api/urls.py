"""The API's doors. Those in `HOT` run on the lean lane, the others on Django's stock handler."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from .chat import ChatDoor
from .errors import NoSuchDoor, refuse
from .openai import CompletionDoor, ModelDoor, ModelsDoor

HOT = [
    path("api/chat", ChatDoor.as_view(), name="chat"),
    path("api/chat/optimized", ChatDoor.as_view(), name="chat-optimized"),
    path("v1/chat/completions", CompletionDoor.as_view(), name="openai-completions"),
    path("v1/models", ModelsDoor.as_view(), name="openai-models"),
    path("v1/models/<path:name>", ModelDoor.as_view(), name="openai-model"),
]


@csrf_exempt
async def unknown(request: HttpRequest) -> HttpResponse:
    """Say, in the API's own shape, that nothing answers at this address."""
    return refuse(NoSuchDoor(), request)


urlpatterns = [
    *HOT,
    re_path(r"^(?:api|v1)/", unknown),
]
