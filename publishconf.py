"""The settings of the site as the world sees it: those of pelicanconf.py, and these."""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from pelicanconf import *

SITEURL = os.environ.get("SITEURL", "https://two-funnels.example")

from funnel.publish.preflight import check_settings_file

check_settings_file(__file__, globals())
