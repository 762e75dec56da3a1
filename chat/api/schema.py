"""`/api/schema` and `/api/docs`: the API as it is served, for programs and for people."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class SchemaDoor(SpectacularAPIView):
    """The description itself, in OpenAPI 3: JSON, or YAML where that is asked for."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiYamlRenderer)


# Swagger's page carries a style sheet of its own; its scripts are files of ours.
@method_decorator(csp_update({"style-src": [UNSAFE_INLINE]}), name="dispatch")
class DocsDoor(SpectacularSwaggerSplitView):
    """The description as a page that one can try things on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
