"""
EC2 Auto Scaling: moto has no instance refresh, and tells of every instance that it runs the template's default version.
A refresh here replaces one instance whenever somebody looks at the refreshes; shapes, states and faults are those of
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
"""

import time
import uuid
from datetime import datetime, timezone

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse as Responses
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult
from patch import action, around

ACTIVE = ("Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress")


class InstanceRefreshInProgress(AutoscalingClientError):
    code = "InstanceRefreshInProgress"
    message = "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."


class ActiveInstanceRefreshNotFound(AutoscalingClientError):
    code = "ActiveInstanceRefreshNotFound"
    message = "No in progress or pending Instance Refresh found for the Auto Scaling group."


class IrreversibleInstanceRefresh(AutoscalingClientError):
    code = "IrreversibleInstanceRefresh"
    message = "The Instance Refresh has no desired configuration, or the group has no specific version to go back to."


@around(InstanceState, "__init__")
def state(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    group = self.auto_scaling_group
    self.template_version = getattr(group, "refreshing_to", None) or getattr(group, "launch_template_version", None)


def _launched_from(self):
    template = self.auto_scaling_group and self.auto_scaling_group.ec2_launch_template
    if not template:
        return None
    version = self.template_version
    if version == "$Latest":
        version = str(template.latest_version_number)
    elif version in (None, "$Default"):
        version = str(template.default_version_number)
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": version}


InstanceState.launch_template = property(_launched_from)


class Refresh:
    def __init__(self, group, asked, preferences):
        self.id = str(uuid.uuid4())
        self.group = group
        self.status = "Pending"
        self.reason = None
        self.preferences = preferences
        self.desired = asked
        self.started = datetime.now(timezone.utc)
        self.ended = None
        self.replaced = 0
        self.baked = 0.0
        self.version = str((asked or {}).get("LaunchTemplate", {}).get("Version") or group.launch_template_version)
        # Without skip matching those that run the version already are replaced too.
        self.left = [s.instance.id for s in group.active_instances() if not self.skips(s)]
        self.total = len(group.active_instances())

    def skips(self, state):
        return bool(self.preferences.get("SkipMatching")) and state.launch_template["Version"] == self.version

    @property
    def share(self):
        return (self.preferences.get("CheckpointPercentages") or [100])[-1]

    def swap(self, instance_id, version):
        """Starts an instance, and ends another in whose place it is."""
        group = self.group
        if all(s.instance.id != instance_id for s in group.active_instances()):
            return
        group.refreshing_to = version
        try:
            group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        finally:
            group.refreshing_to = None
        # Out of the group first: moto replaces what ends in it.
        group.instance_states = [s for s in group.instance_states if s.instance.id != instance_id]
        group.autoscaling_backend.ec2_backend.terminate_instances([instance_id])
        group.autoscaling_backend.update_attached_target_groups(group.name)

    def end(self, status):
        self.status = status
        self.ended = datetime.now(timezone.utc)

    def sounding(self):
        names = (self.preferences.get("AlarmSpecification") or {}).get("Alarms") or []
        alarms = cloudwatch_backends[self.group.autoscaling_backend.account_id][self.group.autoscaling_backend.region_name]
        return next((n for n in names if n in alarms.alarms and alarms.alarms[n].state_value == "ALARM"), None)

    def go_back(self, reason):
        self.status = "RollbackInProgress"
        self.reason = reason

    def step(self):
        if self.status not in ACTIVE:
            return
        alarm = self.sounding()
        if alarm and self.status in ("Pending", "InProgress", "Baking"):
            reason = f"CloudWatch alarm {alarm} went into ALARM state."
            if self.preferences.get("AutoRollback"):
                return self.go_back(reason)
            self.reason = reason
            return self.end("Failed")
        if self.status == "Cancelling":
            self.end("Cancelled")
        elif self.status == "RollbackInProgress":
            self.step_back()
        elif self.status == "Baking":
            if time.time() - self.baked >= (self.preferences.get("BakeTime") or 0):
                self.succeed()
        else:
            self.step_on()

    def step_on(self):
        self.status = "InProgress"
        new = self.total - len(self.left)
        if self.left and 100 * new / max(1, self.total) < self.share:
            self.swap(self.left.pop(0), self.version)
            self.replaced += 1
        elif self.preferences.get("BakeTime"):
            self.status = "Baking"
            self.baked = time.time()
        else:
            self.succeed()

    def step_back(self):
        before = self.group.launch_template_version
        new = next((s for s in self.group.active_instances() if s.launch_template["Version"] == self.version), None)
        if self.replaced == 0 or new is None or self.version == before:
            return self.end("RollbackSuccessful")
        self.replaced -= 1
        self.swap(new.instance.id, before)

    def succeed(self):
        if self.desired:
            self.group.launch_template_version = self.version
            self.group.provided_launch_template_version = self.version
        self.end("Successful")

    def told(self):
        new = self.total - len(self.left)
        return {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StatusReason": self.reason,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": int(100 * new / max(1, self.total)),
            "InstancesToUpdate": len(self.left),
            "Preferences": self.preferences,
            "DesiredConfiguration": self.desired,
        }


def _group(response):
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    if not hasattr(group, "refreshes"):
        group.refreshes = []
    return group


def _active(group):
    return next((each for each in group.refreshes if each.status in ACTIVE), None)


def _check(preferences, group):
    least, most = preferences.get("MinHealthyPercentage"), preferences.get("MaxHealthyPercentage")
    if most is not None and (least is None or most - least > 100 or not 100 <= most <= 200):
        raise ValidationError("MaxHealthyPercentage is from 100 to 200, and at most 100 above MinHealthyPercentage.")
    if len((preferences.get("AlarmSpecification") or {}).get("Alarms") or []) > 10:
        raise ValidationError("An alarm specification has at most 10 alarms.")
    if preferences.get("AutoRollback") and not str(group.launch_template_version).isdigit():
        raise ValidationError("Auto rollback needs a specific version of the launch template on the group.")


@action(Responses)
def start_instance_refresh(self):
    group = _group(self)
    if _active(group):
        raise InstanceRefreshInProgress()
    preferences = self._get_param("Preferences") or {}
    _check(preferences, group)
    refresh = Refresh(group, self._get_param("DesiredConfiguration"), preferences)
    group.refreshes.insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh.id})


@action(Responses)
def describe_instance_refreshes(self):
    group = _group(self)
    for each in group.refreshes:
        each.step()
    wanted = self._get_param("InstanceRefreshIds")
    shown = [each for each in group.refreshes if not wanted or each.id in wanted]
    return ActionResult({"InstanceRefreshes": [each.told() for each in shown]})


@action(Responses)
def cancel_instance_refresh(self):
    refresh = _active(_group(self))
    if refresh is None:
        raise ActiveInstanceRefreshNotFound()
    refresh.status = "Cancelling"
    return ActionResult({"InstanceRefreshId": refresh.id})


@action(Responses)
def rollback_instance_refresh(self):
    group = _group(self)
    refresh = _active(group)
    if refresh is None:
        raise ActiveInstanceRefreshNotFound()
    if not refresh.desired or not str(group.launch_template_version).isdigit():
        raise IrreversibleInstanceRefresh()
    refresh.go_back("Rolled back by the user.")
    return ActionResult({"InstanceRefreshId": refresh.id})


# Named for the hooks above; moto's own class keeps the rest.
FakeAutoScalingGroup.refreshing_to = None
