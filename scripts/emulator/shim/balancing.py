"""
Elastic Load Balancing: moto keys targets by their address alone, calls each of them healthy, refuses to deregister what is
not there and takes any weights. How a target is doing is what the data plane writes; without one they are healthy.
"""

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup
from patch import around
from traffic import told

REASONS = {
    "initial": ("Elb.InitialHealthChecking", "Initial health checks in progress"),
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
    "unused": ("Target.NotRegistered", "Target is not registered to the target group"),
}


def _key(group, target):
    return f"{target['Id']}:{target.get('Port', group.port)}"


@around(FakeTargetGroup, "register")
def register(original, self, targets):
    for target in targets:
        if str(target["Id"]).startswith("i-"):
            original(self, [target])
            known = self.targets.pop(target["Id"])
        else:
            known = {"Id": target["Id"], "Port": target.get("Port", self.port)}
        self.targets[_key(self, target)] = known
        self.deregistered_targets.pop(_key(self, target), None)


@around(FakeTargetGroup, "deregister")
def deregister(original, self, targets):
    for target in targets:
        # Without a port, every port of that address goes.
        keys = [k for k, t in self.targets.items() if t["Id"] == target["Id"] and "Port" not in target]
        for key in keys or [_key(self, target)]:
            # As on AWS, deregistering what is not registered succeeds.
            known = self.targets.pop(key, None)
            if known:
                self.deregistered_targets[key] = known


@around(FakeTargetGroup, "deregister_terminated_instances")
def terminated(original, self, instance_ids):
    for key in [k for k, t in self.targets.items() if t["Id"] in instance_ids]:
        known = self.targets.pop(key)
        self.terminated_targets[known["Id"]] = known


def _status(group, target, state):
    reason, description = REASONS.get(state, (None, None))
    port = target.get("Port", group.port)
    return FakeHealthStatus(target["Id"], port, group.health_check_port, state, reason, description)


@around(FakeTargetGroup, "health_for")
def health(original, self, target, ec2_backend):
    key = _key(self, target)
    states = told("targets.json")
    if str(target["Id"]).startswith("i-") and states is None:
        known = self.targets.pop(key, None)
        if known is None:
            return original(self, target, ec2_backend)
        # moto looks for an instance by its id.
        self.targets[target["Id"]] = known
        found = original(self, target, ec2_backend)
        self.targets[key] = self.targets.pop(target["Id"])
        return found
    if states is None:
        return _status(self, target, "healthy" if key in self.targets else "unused")
    state = states.get(self.arn, {}).get(key)
    if key in self.targets:
        return _status(self, target, "initial" if state in (None, "draining") else state)
    # Until the data plane has let go of it, it drains.
    return _status(self, target, "unused" if state is None else "draining")


@around(ELBv2Backend, "describe_target_health")
def describe(original, self, target_group_arn, targets):
    found = original(self, target_group_arn, targets)
    if targets:
        return found
    group = self.target_groups[target_group_arn]
    leaving = [group.health_for(target, self.ec2_backend) for target in group.deregistered_targets.values()]
    return found + [status for status in leaving if status.status == "draining"]


@around(ELBv2Backend, "_validate_actions")
def actions(original, self, actions):
    original(self, actions)
    for action in actions:
        groups = action.data.get("ForwardConfig", {}).get("TargetGroups", [])
        weights = [int(group.get("Weight", 1)) for group in groups]
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
        for weight in weights:
            if not 0 <= weight <= 999:
                raise ELBClientError("ValidationError", f"Weight '{weight}' must be between 0 and 999")
        if len(groups) > 5:
            raise ELBClientError("TooManyTargetGroups", "A forward action takes five target groups at most")
        if weights and sum(weights) == 0:
            raise ELBClientError("ValidationError", "At least one target group must have a weight above 0")
