"""RDS: moto drops monitoring and insights of an instance, and does not say who set a parameter."""

from moto.core.responses import ActionResult
from moto.rds.models import DBInstance
from moto.rds.responses import RDSResponse as Responses
from patch import around

KEPT = (
    "enable_performance_insights",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
    "monitoring_interval",
    "monitoring_role_arn",
    "database_insights_mode",
)


@around(DBInstance, "__init__")
def keep(original, self, *args, **given):
    original(self, *args, **given)
    for name in KEPT:
        if given.get(name) is not None:
            setattr(self, name, given[name])
    self.performance_insights_enabled = bool(given.get("enable_performance_insights"))


@around(Responses, "describe_db_parameters")
def parameters(original, self):
    found = original(self).result["Parameters"]
    return ActionResult({"Parameters": [{**parameter, "Source": "user"} for parameter in found]})
