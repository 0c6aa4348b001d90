"""
ECS: moto drops how a service is deployed, and its tasks never come to run. With the agent, as many run as it says; without
one, as many as are wanted.
"""

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse as Responses
from patch import around
from traffic import told

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
    """The service as it is once its deployment is through, or as far as the agent has come with it."""
    agents = told("services.json")
    running = service.desired_count if agents is None else agents.get(service.arn, {}).get("running", 0)
    pending = max(0, service.desired_count - running)
    failed = 0 if agents is None else agents.get(service.arn, {}).get("failed", 0)
    service.running_count = running
    service.pending_count = pending
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count,
            runningCount=running,
            pendingCount=pending,
            failedTasks=failed,
            rolloutState="COMPLETED" if running == service.desired_count else "IN_PROGRESS",
            taskDefinition=service.task_definition,
        )


@around(Responses, "describe_services")
def describe(original, self):
    answer = original(self)
    if told("services.json") is not None:
        for service in answer.result["services"]:
            _settle(service)
    return answer


@around(Responses, "describe_tasks")
def describe_tasks(original, self):
    """A task of RunTask ends when the agent's process does; without one, after a few looks."""
    answer = original(self)
    codes = told("tasks.json")
    if codes is not None:
        for task in answer.result["tasks"]:
            code = codes.get(task.task_arn)
            task.status = "RUNNING" if code is None else "STOPPED"
            task.containers[0].exitCode = code
    return answer


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
