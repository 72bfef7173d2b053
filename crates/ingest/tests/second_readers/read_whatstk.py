"""What `whatstk` makes of exported texts: an array for each file, of `[minute, sender, text]`, or null."""

import json
import sys
import types
import warnings

warnings.filterwarnings("ignore")

# What draws its figures is not needed, nor are the 100 MB that it stands on.
drawing = types.ModuleType("whatstk.graph")
drawing.FigureBuilder = None
sys.modules["whatstk.graph"] = drawing

from whatstk import WhatsAppChat  # noqa: E402


def read(file):
    try:
        frame = WhatsAppChat.from_source(file).df
    except Exception:
        return None
    columns = (frame.iloc[:, at] for at in range(3))
    return [[at.strftime("%Y-%m-%dT%H:%M"), sender, text] for at, sender, text in zip(*columns)]


print(json.dumps([read(file) for file in sys.argv[1:]]))
