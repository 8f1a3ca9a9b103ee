"""What the site says of the renderer, and what the renderer is."""

import json
import re

from django.conf import settings

from config.settings import ROOT
from studio.services.renderings import ENGINE
from studio.templatetags.sound import outline, waveform

FRONT = ROOT / "platform" / "frontend"


def test_site_and_renderer_give_the_engine_the_same_name():
    source = (FRONT / "src" / "audio" / "render.ts").read_text()
    packages = json.loads((FRONT / "package.json").read_text())["dependencies"]

    [name] = re.findall(r'ENGINE = "(.+?)"', source)

    assert name == ENGINE
    assert ENGINE.startswith(f"spessasynth-{packages['spessasynth_core']} ")


def test_sound_fonts_and_hashed_files_are_kept_for_ever_and_no_others():
    always = [
        "/static/frontend/soundfonts/gm000-0aa4747063.sf3",
        "/static/frontend/assets/main-BbIhFMiF.js",
        "/static/admin/css/base.54ad2d2a2a2a.css",
    ]
    never = [
        "/static/frontend/soundfonts/index.json",
        "/static/frontend/manifest.json",
        "/static/admin/js/vendor/select2/select2.full.min.js",
        "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js",
    ]

    immutable = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)

    assert all(immutable.search(url) for url in always)
    assert not any(immutable.search(url) for url in never)


def test_a_waveform_is_mirrored_and_never_empty_of_line():
    assert outline([255, 0]) == "M0 50V0H1V49H2V51H1V100H0Z"
    assert outline([]) == ""
    assert 'viewBox="0 0 2 100"' in waveform([255, 0])
