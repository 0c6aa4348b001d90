"""
AWS Backup: moto reads the tags of what stands before the last slash of the path, and the SDK ends without one. It has no
recovery points and no restore jobs. Here every vault holds one finished point of each table, made when the table was, and of
each snapshot of RDS whose name begins with awsbackup. A job copies the table as it is now, and is over at once.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartRestoreJob.html
"""

import json
from urllib.parse import unquote
from uuid import uuid4

from moto.backup import urls
from moto.backup.models import BackupBackend as Backend
from moto.backup.responses import BackupResponse as Responses
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import RestoredPITTable
from moto.rds.models import rds_backends
from patch import action, around


@around(Responses, "list_tags")
def list_tags(original, self):
    arn = unquote(self.path).partition("/tags/")[2].rstrip("/")
    return json.dumps({"Tags": self.backup_backend.list_tags(resource_arn=arn)})


@around(Backend, "__init__")
def jobs(original, self, *args, **given):
    original(self, *args, **given)
    self.restore_jobs = {}


for path in ("backup-vaults/(?P<name>[^/]+)/recovery-points", "restore-jobs", "restore-jobs/(?P<id>[^/]+)"):
    for end in ("$", "/$"):
        urls.url_paths["{0}/" + path + end] = urls.response.dispatch


def _tables(account):
    for region in dynamodb_backends[account].values():
        yield from region.tables.values()


def _point_of(table):
    return f"arn:aws:backup:{table.region_name}:{table.account_id}:recovery-point:{table.name}"


def _point(resource, arn, made):
    return {"RecoveryPointArn": arn, "ResourceArn": resource, "CreationDate": made, "Status": "COMPLETED"}


@action(Responses)
def list_recovery_points_by_backup_vault(self):
    vault = unquote(self.path).split("/")[2]
    if vault not in self.backup_backend.vaults:
        raise JsonRESTError("ResourceNotFoundException", f"Backup vault {vault} not found")
    points = [_point(t.table_arn, _point_of(t), unix_time(t.created_at)) for t in _tables(self.current_account)]
    for region in rds_backends[self.current_account].values():
        for snapshot in region.database_snapshots.values():
            if snapshot.db_snapshot_identifier.startswith("awsbackup"):
                of = region.databases[snapshot.db_instance_identifier].db_instance_arn
                points.append(_point(of, snapshot.db_snapshot_arn, unix_time(snapshot.snapshot_create_time)))
    return json.dumps({"RecoveryPoints": points})


@action(Responses)
def start_restore_job(self):
    body = json.loads(self.body)
    source = next((t for t in _tables(self.current_account) if _point_of(t) == body["RecoveryPointArn"]), None)
    if source is None:
        raise JsonRESTError("ResourceNotFoundException", "Recovery point not found")
    if ":role/" not in body["IamRoleArn"] or body["ResourceType"] != "DynamoDB":
        raise JsonRESTError("InvalidParameterValueException", "No such role or type")
    there, target = dynamodb_backends[self.current_account][self.region], body["Metadata"]["targetTableName"]
    taken = target in there.tables
    if not taken:
        there.tables[target] = RestoredPITTable(target, account_id=self.current_account, region=self.region, source=source)
    job = {"RestoreJobId": str(uuid4()), "Status": "FAILED" if taken else "COMPLETED"}
    if taken:
        job["StatusMessage"] = f"Table already exists: {target}"
    self.backup_backend.restore_jobs[job["RestoreJobId"]] = job
    return json.dumps({"RestoreJobId": job["RestoreJobId"]})


@action(Responses)
def describe_restore_job(self):
    job = self.backup_backend.restore_jobs.get(self.path.rstrip("/").split("/")[-1])
    if job is None:
        raise JsonRESTError("ResourceNotFoundException", "Restore job not found")
    return json.dumps(job)
