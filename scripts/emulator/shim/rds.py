"""
RDS: moto drops monitoring and insights of an instance, does not say who set a parameter, and copies no automated backups to
another region. A copy here is the instance as it is now.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstanceAutomatedBackupsReplication.html
"""

import copy

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.models import DBInstance, rds_backends
from moto.rds.models import RDSBackend as Backend
from moto.rds.responses import RDSResponse as Responses
from patch import action, around

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


@around(Backend, "__init__")
def copied_backups(original, self, *args, **given):
    original(self, *args, **given)
    self.copied_backups = {}


def _source(account, arn):
    return rds_backends[account][arn.split(":")[3]].databases[arn.split(":")[-1]]


@action(Responses)
def start_db_instance_automated_backups_replication(self):
    source = _source(self.current_account, self.params["SourceDBInstanceArn"])
    name = f"ab-{source.db_instance_identifier}-{source.region}"
    self.backend.copied_backups[f"arn:aws:rds:{self.region}:{self.current_account}:auto-backup:{name}"] = source
    return ActionResult({"DBInstanceAutomatedBackup": {"DBInstanceIdentifier": source.db_instance_identifier}})


@around(Responses, "describe_db_instance_automated_backups")
def automated_backups(original, self):
    wanted = self.params.get("DBInstanceIdentifier")
    copies = [
        {
            "DBInstanceAutomatedBackupsArn": arn,
            "DBInstanceIdentifier": source.db_instance_identifier,
            "Region": source.region,
            "RestoreWindow": {"EarliestTime": source.created, "LatestTime": utcnow()},
            "Status": "replicating",
        }
        for arn, source in self.backend.copied_backups.items()
        if wanted in (None, source.db_instance_identifier)
    ]
    return ActionResult({"DBInstanceAutomatedBackups": [*original(self).result["DBInstanceAutomatedBackups"], *copies]})


@around(Responses, "restore_db_instance_to_point_in_time")
def restore(original, self):
    """Of a copied backup the source is an instance of another region."""
    source = self.backend.copied_backups.get(self.params.get("SourceDBInstanceAutomatedBackupsArn"))
    if source is None:
        return original(self)
    there = self.backend.databases.get(source.db_instance_identifier)
    moved = copy.copy(source)
    # Its network stayed where it was: RDS takes the default one of the region.
    moved.db_subnet_group_name, moved.vpc_security_group_ids, moved.db_parameter_group_name = None, [], None
    self.backend.databases[source.db_instance_identifier] = moved
    try:
        name = self.params["TargetDBInstanceIdentifier"]
        made = self.backend.restore_db_instance_to_point_in_time(source.db_instance_identifier, name, self.params)
        return ActionResult({"DBInstance": made})
    finally:
        del self.backend.databases[source.db_instance_identifier]
        if there is not None:
            self.backend.databases[source.db_instance_identifier] = there
