"""S3: moto takes a policy for access logs only where it names the target's whole prefix, not one that covers it."""

import json
from fnmatch import fnmatchcase

from moto.s3.models import FakeBucket


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
