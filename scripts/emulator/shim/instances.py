"""
EC2 Auto Scaling: moto drops a group's warm-up, tells a policy of predictions that it has not, and puts the tags of a
launch template among those of its instances.
"""

from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse as Responses
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from patch import around


@around(FakeScalingPolicy, "__init__")
def policy(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.enabled = True
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None


def _keep_warmup(response):
    warmup = response._get_int_param("DefaultInstanceWarmup")
    if warmup is not None:
        name = response._get_param("AutoScalingGroupName")
        response.autoscaling_backend.autoscaling_groups[name].default_instance_warmup = warmup


@around(Responses, "create_auto_scaling_group")
def create(original, self):
    answer = original(self)
    _keep_warmup(self)
    return answer


@around(Responses, "update_auto_scaling_group")
def update(original, self):
    answer = original(self)
    _keep_warmup(self)
    return answer


@around(LaunchTemplateVersion, "__init__")
def version(original, self, template, number, data, description):
    specifications = data.get("TagSpecifications")
    if specifications:
        data["TagSpecifications"] = [s for s in specifications if s.get("ResourceType") != "launch-template"]
    original(self, template, number, data, description)
