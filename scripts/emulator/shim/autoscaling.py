"""Application Auto Scaling: moto drops the tags of a scalable target and cannot list them."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Responses
from patch import action, around


def _tags(response):
    backend = response.applicationautoscaling_backend
    if not hasattr(backend, "target_tags"):
        backend.target_tags = {}
    return backend.target_tags


@around(Responses, "register_scalable_target")
def register(original, self):
    body = original(self)
    given = self._get_param("Tags")
    if given is not None:
        _tags(self)[json.loads(body)["ScalableTargetARN"]] = dict(given)
    return body


@action(Responses)
def list_tags_for_resource(self):
    return json.dumps({"Tags": _tags(self).get(self._get_param("ResourceARN"), {})})


@action(Responses)
def tag_resource(self):
    _tags(self).setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
    return json.dumps({})


@action(Responses)
def untag_resource(self):
    held = _tags(self).get(self._get_param("ResourceARN"), {})
    for key in self._get_param("TagKeys"):
        held.pop(key, None)
    return json.dumps({})
