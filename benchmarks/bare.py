"""The baseline: the same stack with a view that does nothing but read and answer JSON.

Served beside Alice in the same run, so that a figure is a ratio and not a property of the machine.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.bare_settings")

import django

django.setup()

import msgspec
from adrf.views import APIView
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from alice_site.lean import LeanHandler

ANSWER = {"reply": "Hej! " * 20, "route": "micro", "source": "L1"}


async def plain(request: HttpRequest) -> HttpResponse:
    msgspec.json.decode(request.body)
    return HttpResponse(msgspec.json.encode(ANSWER), content_type="application/json")


class Adrf(APIView):
    authentication_classes: list[type] = []
    permission_classes: list[type] = []

    async def post(self, request: Request) -> Response:
        return Response({**ANSWER, "asked": request.data["message"]})


urlpatterns = [path("plain", plain), path("adrf", Adrf.as_view())]
application = LeanHandler()
