"""What an ASGI server runs: `uvicorn alice_site.asgi:application`."""

import os

import django
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alice_site.settings")
django.setup(set_prefix=False)
application = import_string("alice_site.lanes.application")
