"""ElastiCache: moto's replication groups have one member that nobody can describe, and there are no parameter groups."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.models import ElastiCacheBackend as Backend
from moto.elasticache.models import ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse as Responses
from patch import action, around


class ParameterGroupNotFound(ElastiCacheException):
    code = "CacheParameterGroupNotFound"
    message = "CacheParameterGroup not found."


@around(Backend, "__init__")
def prepare(original, self, region_name, account_id):
    original(self, region_name, account_id)
    self.members = {}
    self.parameter_groups = {}


@around(Backend, "list_tags_for_resource")
def list_tags(original, self, arn):
    # moto's pattern of taggable resources leaves parameter groups out.
    return self.tagging_service.list_tags_for_resource(arn) if ":parametergroup:" in arn else original(self, arn)


@around(ReplicationGroup, "_set_node_members_clusters_disabled")
def members(original, self, **how):
    # Without cluster mode the provider says how many clusters, and moto counts replicas per node group.
    original(self, **{**how, "replicas_per_node_group": max(0, (how["num_cache_clusters"] or 1) - 1)})


def _whole(version):
    """`8.0` as the service tells it: 8.0.0."""
    return ".".join(((version or "7.1").split(".") + ["0", "0"])[:3])


def _member(group, cluster_id, region, account):
    return {
        "CacheClusterId": cluster_id,
        "ReplicationGroupId": group.replication_group_id,
        "CacheNodeType": group.cache_node_type,
        "Engine": group.engine,
        "EngineVersion": _whole(group.engine_version),
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "PreferredMaintenanceWindow": group.preferred_maintenance_window,
        "CacheParameterGroup": {
            "CacheParameterGroupName": group.cache_parameter_group_name,
            "ParameterApplyStatus": "in-sync",
        },
        "CacheSubnetGroupName": group.cache_subnet_group_name,
        "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade,
        "SecurityGroups": [{"SecurityGroupId": g, "Status": "active"} for g in group.security_group_ids or []],
        "SnapshotRetentionLimit": group.snapshot_retention_limit,
        "SnapshotWindow": group.snapshot_window,
        "AuthTokenEnabled": group.auth_token_enabled,
        "TransitEncryptionEnabled": group.transit_encryption_enabled,
        "TransitEncryptionMode": group.transit_encryption_mode,
        "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
        "ARN": f"arn:aws:elasticache:{region}:{account}:cluster:{cluster_id}",
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
    }


def _describe(backend, group):
    for cluster_id in group.member_clusters:
        backend.members[cluster_id] = _member(group, cluster_id, backend.region_name, backend.account_id)


@around(Backend, "create_replication_group")
def create(original, self, **how):
    group = original(self, **how)
    if group.transit_encryption_enabled:
        group.transit_encryption_mode = group.transit_encryption_mode or "required"
    for node_group in group.node_groups:
        node_group["reader_endpoint"] = {"address": node_group.get("reader_endpoint_address"), "port": group.port}
    _describe(self, group)
    return group


# What an update sends, and the field of the group that it changes.
CHANGES = {
    "ReplicationGroupDescription": "description",
    "SecurityGroupIds": "security_group_ids",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "EngineVersion": "engine_version",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
    "CacheNodeType": "cache_node_type",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
}


@action(Responses)
def modify_replication_group(self):
    backend = self.elasticache_backend
    [group] = backend.describe_replication_groups(self._get_param("ReplicationGroupId"))
    for parameter, field in CHANGES.items():
        value = self._get_param(parameter)
        if value is not None:
            setattr(group, field, value)
    _describe(backend, group)
    return ActionResult({"ReplicationGroup": group})


@around(Responses, "describe_cache_clusters")
def describe_clusters(original, self):
    wanted = self._get_param("CacheClusterId")
    found = self.elasticache_backend.members
    if wanted in found:
        return ActionResult({"CacheClusters": [found[wanted]]})
    if wanted is None and found:
        return ActionResult({"CacheClusters": [*found.values(), *self.elasticache_backend.cache_clusters.values()]})
    return original(self)


@around(Responses, "delete_replication_group")
def delete(original, self):
    answer = original(self)
    backend = self.elasticache_backend
    group = backend.replication_groups.pop(self._get_param("ReplicationGroupId"))
    backend.members = {
        key: member
        for key, member in backend.members.items()
        if member["ReplicationGroupId"] != group.replication_group_id
    }
    return answer


@action(Responses)
def delete_cache_subnet_group(self):
    self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"), None)
    return EmptyResult()


@action(Responses)
def create_cache_parameter_group(self):
    backend = self.elasticache_backend
    name = self._get_param("CacheParameterGroupName").lower()
    arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}"
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": arn,
        "parameters": {},
    }
    backend.parameter_groups[name] = group
    backend.tagging_service.tag_resource(arn, self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


def _parameter_group(response):
    name = response._get_param("CacheParameterGroupName")
    groups = response.elasticache_backend.parameter_groups
    if name not in groups:
        raise ParameterGroupNotFound()
    return groups[name]


@action(Responses)
def describe_cache_parameter_groups(self):
    if self._get_param("CacheParameterGroupName") is None:
        return ActionResult({"CacheParameterGroups": list(self.elasticache_backend.parameter_groups.values())})
    return ActionResult({"CacheParameterGroups": [_parameter_group(self)]})


@action(Responses)
def describe_cache_parameters(self):
    given = _parameter_group(self)["parameters"]
    return ActionResult(
        {"Parameters": [{"ParameterName": k, "ParameterValue": v, "Source": "user"} for k, v in given.items()]}
    )


@action(Responses)
def modify_cache_parameter_group(self):
    group = _parameter_group(self)
    for given in self._get_param("ParameterNameValues", []):
        group["parameters"][given["ParameterName"]] = given["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


@action(Responses)
def reset_cache_parameter_group(self):
    group = _parameter_group(self)
    if self._get_bool_param("ResetAllParameters"):
        group["parameters"].clear()
    for given in self._get_param("ParameterNameValues", []):
        group["parameters"].pop(given["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


@action(Responses)
def delete_cache_parameter_group(self):
    self.elasticache_backend.parameter_groups.pop(_parameter_group(self)["CacheParameterGroupName"])
    return EmptyResult()
