"""What the data plane and the agent of ECS know and moto does not: files of a folder that EMULATOR_TRAFFIC names."""

import json
import os

_folder = os.environ.get("EMULATOR_TRAFFIC")
_read = {}


def told(name):
    """What the file holds; None where nothing runs that writes it."""
    path = os.path.join(_folder, name) if _folder else ""
    try:
        changed = os.stat(path).st_mtime_ns
    except OSError:
        return None
    if _read.get(name, (None,))[0] != changed:
        with open(path, encoding="utf-8") as file:
            _read[name] = (changed, json.load(file))
    return _read[name][1]
