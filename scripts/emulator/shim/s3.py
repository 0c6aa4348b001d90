"""S3: moto takes each statement of a bucket policy that has a condition for a refusal, whatever the condition."""

import json

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from patch import around


@around(FakeBucket, "get_permission")
def permission(original, self, action, resource):
    if self.policy is None:
        return PermissionResult.NEUTRAL
    statements = [found for found in json.loads(self.policy)["Statement"] if "Condition" not in found]
    return IAMPolicy(json.dumps({"Statement": statements})).is_action_permitted(action, resource)
