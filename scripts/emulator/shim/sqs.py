"""SQS: moto spaces the JSON of a redrive policy, which Terraform takes for a change."""

import json

from moto.sqs.models import Queue

original = Queue.attributes.fget


def attributes(self):
    answer = original(self)
    policy = answer.get("RedrivePolicy")
    return answer if policy is None else {**answer, "RedrivePolicy": json.dumps(json.loads(policy), separators=(",", ":"))}


Queue.attributes = property(attributes)
