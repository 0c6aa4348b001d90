"""
A reset without work that nobody asked for. moto makes each backend anew and then drops it, and reads the 1,500 policies
of AWS again whenever the backend of IAM is made: together more than a second for each test.
"""

import copy

from moto.core.base_backend import BaseBackend
from moto.iam.models import IAMBackend
from patch import around


@around(BaseBackend, "reset")
def drop(_original, _self):
    """BackendDict.reset, the only caller, drops the backend, and the next request makes a new one."""


kept = {}


@around(IAMBackend, "_init_aws_policies")
def policies(original, self):
    if self.region_name not in kept:
        kept[self.region_name] = original(self)
    # Of a policy of AWS only the number of its attachments changes.
    copies = [copy.copy(policy) for policy in kept[self.region_name]]
    for policy in copies:
        policy.account_id = self.account_id
    return copies
