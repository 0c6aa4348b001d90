"""
S3: moto takes a policy for access logs only where it names the target's whole prefix, not one that covers it, and takes
a statement with a condition for a refusal whatever the condition: nobody could write to a bucket that demands TLS.
"""

import json
from fnmatch import fnmatchcase

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from patch import around


def may_log(target_bucket, target_prefix):
    wanted = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}log"
    if not target_bucket.policy:
        return False
    for statement in json.loads(target_bucket.policy.decode())["Statement"]:
        principal = statement.get("Principal", {})
        if statement.get("Effect") != "Allow" or not isinstance(principal, dict):
            continue
        if principal.get("Service") != "logging.s3.amazonaws.com" or "s3:PutObject" not in statement.get("Action", []):
            continue
        resources = statement.get("Resource", [])
        if any(fnmatchcase(wanted, one) for one in ([resources] if isinstance(resources, str) else resources)):
            return True
    return False


FakeBucket._log_permissions_enabled_policy = staticmethod(may_log)


@around(FakeBucket, "get_permission")
def permission(original, self, action, resource):
    if not self.policy:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy.decode())
    policy["Statement"] = [found for found in policy["Statement"] if "Condition" not in found]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)
