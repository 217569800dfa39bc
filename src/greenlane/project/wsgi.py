"""The entry for a WSGI server: ``granian --interface wsgi greenlane.project.wsgi:application``."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenlane.project.settings")

# What a start imports stays for good: looking for garbage in it is a tenth of the start, and once
# it is frozen no later look has to pass it.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()
