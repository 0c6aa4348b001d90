"""ECS: moto drops how a service is deployed, and its tasks never come to run."""

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse as Responses
from patch import around

# Fields of a service that moto takes but does not keep.
KEPT = {
    "capacityProviderStrategy": "capacity_provider_strategy",
    "enableExecuteCommand": "enable_execute_command",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "deploymentConfiguration": "deployment_configuration",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "serviceRegistries": "service_registries",
}


def _settle(service):
    """The service as it is once its deployment is through."""
    service.running_count = service.desired_count
    service.pending_count = 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count,
            runningCount=service.desired_count,
            pendingCount=0,
            rolloutState="COMPLETED",
            taskDefinition=service.task_definition,
        )


@around(Responses, "create_service")
def create(original, self):
    service = original(self).result["service"]
    for parameter, field in KEPT.items():
        value = self._get_param(parameter)
        if value is not None:
            setattr(service, field, value)
    if self._get_param("capacityProviderStrategy"):
        service.launch_type = None
    _settle(service)
    return ActionResult({"service": service})


@around(Responses, "update_service")
def update(original, self):
    service = original(self).result["service"]
    # moto's own snake case of this one is enable_e_c_s_managed_tags.
    managed = self._get_param("enableECSManagedTags")
    if managed is not None:
        service.enable_ecs_managed_tags = managed
    _settle(service)
    return ActionResult({"service": service})
