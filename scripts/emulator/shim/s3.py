"""
S3: moto takes each statement of a bucket policy that has a condition for a refusal, whatever the condition, and
compares the resource that access logs may be written to letter by letter.
"""

import json
from fnmatch import fnmatchcase

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from patch import around


def _statements(bucket):
    return [] if bucket.policy is None else json.loads(bucket.policy)["Statement"]


@around(FakeBucket, "get_permission")
def permission(original, self, action, resource):
    unconditional = [found for found in _statements(self) if "Condition" not in found]
    if not unconditional:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({"Statement": unconditional})).is_action_permitted(action, resource)


def may_log(target_bucket, target_prefix):
    to = f"arn:aws:s3:::{target_bucket.name}/{target_prefix or ''}"
    return any(
        found["Effect"] == "Allow"
        and "logging.s3.amazonaws.com" in json.dumps(found["Principal"])
        and fnmatchcase(to, found["Resource"])
        for found in _statements(target_bucket)
    )


FakeBucket._log_permissions_enabled_policy = staticmethod(may_log)
