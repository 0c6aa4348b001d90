"""
What an AWS endpoint holds, read back through its API: `python3 inventory.py <url> <region>...` prints
{"<region> <service> <kind>": ["<name>", ...]}. What every account has from the start is among it.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def pages(client, operation, key, **how):
    """All items of a listing, whether or not it comes in pages."""
    if client.can_paginate(operation):
        return [item for page in client.get_paginator(operation).paginate(**how) for item in page.get(key) or []]
    return getattr(client, operation)(**how).get(key) or []


def listing(service, kind, operation, key, name, keep=lambda item: True, **how):
    def read(client):
        items = pages(client, operation, key, **how)
        return [item if name is None else item.get(name, "?") for item in items if name is None or keep(item)]

    return service, kind, read


def named(item):
    return next((t["Value"] for t in item.get("Tags", []) if t["Key"] == "Name"), None)


def ec2(kind, operation, key, name, **how):
    def read(client):
        return [
            f"{item[name]} {named(item) or ''}".strip()
            for item in pages(client, operation, key, **how)
            if item.get("State") not in ("deleted", "terminated")
        ]

    return "ec2", kind, read


def keys(client):
    ids = [key["KeyId"] for key in pages(client, "list_keys", "Keys")]
    told = [client.describe_key(KeyId=i)["KeyMetadata"] for i in ids]
    # moto makes "Default key" for each alias of AWS, and "Default master key that protects ..." for tables.
    return [k["KeyId"] for k in told if k["KeyState"] != "PendingDeletion" and not k["Description"].startswith("Default ")]


def clusters(client):
    arns = pages(client, "list_clusters", "clusterArns")
    told = client.describe_clusters(clusters=arns)["clusters"] if arns else []
    return [cluster["clusterArn"] for cluster in told if cluster["status"] == "ACTIVE"]


def services(client):
    found = []
    for cluster in clusters(client):
        arns = pages(client, "list_services", "serviceArns", cluster=cluster)
        told = client.describe_services(cluster=cluster, services=arns)["services"] if arns else []
        found += [service["serviceArn"] for service in told if service["status"] == "ACTIVE"]
    return found


def network_acls(client):
    # moto keeps the default one of a network that is gone.
    networks = {vpc["VpcId"] for vpc in pages(client, "describe_vpcs", "Vpcs")}
    told = pages(client, "describe_network_acls", "NetworkAcls")
    return [f"{acl['NetworkAclId']} {named(acl) or ''}".strip() for acl in told if acl["VpcId"] in networks]


def per_balancer(operation, key, name):
    def read(client):
        arns = [b["LoadBalancerArn"] for b in pages(client, "describe_load_balancers", "LoadBalancers")]
        return [i[name] for arn in arns for i in pages(client, operation, key, LoadBalancerArn=arn)]

    return read


def listener_rules(client):
    listeners = per_balancer("describe_listeners", "Listeners", "ListenerArn")(client)
    rules = [r for arn in listeners for r in pages(client, "describe_rules", "Rules", ListenerArn=arn)]
    return [rule["RuleArn"] for rule in rules if not rule["IsDefault"]]


def per_api(operation, key, name):
    def read(client):
        apis = [api["ApiId"] for api in pages(client, "get_apis", "Items")]
        return [item.get(name, "?") for api in apis for item in pages(client, operation, key, ApiId=api)]

    return read


def records(client):
    zones = [zone["Id"] for zone in pages(client, "list_hosted_zones", "HostedZones")]
    sets = [r for zone in zones for r in pages(client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone)]
    return [f"{r['Name']} {r['Type']} {r.get('SetIdentifier', '')}".strip() for r in sets if r["Type"] not in ("NS", "SOA")]


def per_pool(operation, key, name):
    def read(client):
        pools = [p["Id"] for p in client.list_user_pools(MaxResults=50)["UserPools"]]
        return [item[name] for pool in pools for item in pages(client, operation, key, UserPoolId=pool)]

    return read


def web_acls(client):
    return [acl["Name"] for scope in ("REGIONAL", "CLOUDFRONT") for acl in client.list_web_acls(Scope=scope)["WebACLs"]]


def budgets(client):
    account = boto3.client("sts", **arguments).get_caller_identity()["Account"]
    return [b["BudgetName"] for b in client.describe_budgets(AccountId=account)["Budgets"]]


def distributions(client):
    return [d["Id"] for d in client.list_distributions()["DistributionList"].get("Items") or []]


KINDS = [
    ec2("VPCs", "describe_vpcs", "Vpcs", "VpcId"),
    ec2("subnets", "describe_subnets", "Subnets", "SubnetId"),
    ec2("route tables", "describe_route_tables", "RouteTables", "RouteTableId"),
    ec2("internet gateways", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ec2("NAT gateways", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ec2("addresses", "describe_addresses", "Addresses", "AllocationId"),
    ec2("VPC endpoints", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ec2("security groups", "describe_security_groups", "SecurityGroups", "GroupId"),
    ec2("security group rules", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("ec2", "network ACLs", network_acls),
    ec2("flow logs", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ec2("launch templates", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
    listing("autoscaling", "groups", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    ("ecs", "clusters", clusters),
    ("ecs", "services", services),
    listing("ecs", "task definitions", "list_task_definitions", "taskDefinitionArns", None),
    listing("ecr", "repositories", "describe_repositories", "repositories", "repositoryName"),
    listing("lambda", "functions", "list_functions", "Functions", "FunctionName"),
    listing("lambda", "queue mappings", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    listing(
        "application-autoscaling", "targets", "describe_scalable_targets", "ScalableTargets", "ResourceId", ServiceNamespace="ecs"
    ),
    listing(
        "application-autoscaling", "policies", "describe_scaling_policies", "ScalingPolicies", "PolicyName", ServiceNamespace="ecs"
    ),
    listing(
        "application-autoscaling",
        "scheduled actions",
        "describe_scheduled_actions",
        "ScheduledActions",
        "ScheduledActionName",
        ServiceNamespace="ecs",
    ),
    listing("elbv2", "load balancers", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    listing("elbv2", "target groups", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    ("elbv2", "listeners", per_balancer("describe_listeners", "Listeners", "ListenerArn")),
    ("elbv2", "listener rules", listener_rules),
    listing("apigatewayv2", "APIs", "get_apis", "Items", "Name"),
    ("apigatewayv2", "routes", per_api("get_routes", "Items", "RouteKey")),
    ("apigatewayv2", "authorizers", per_api("get_authorizers", "Items", "Name")),
    ("apigatewayv2", "stages", per_api("get_stages", "Items", "StageName")),
    listing("apigatewayv2", "VPC links", "get_vpc_links", "Items", "Name"),
    listing("apigatewayv2", "domain names", "get_domain_names", "Items", "DomainName"),
    ("cloudfront", "distributions", distributions),
    ("wafv2", "web ACLs", web_acls),
    listing("acm", "certificates", "list_certificates", "CertificateSummaryList", "DomainName"),
    listing("route53", "zones", "list_hosted_zones", "HostedZones", "Name"),
    ("route53", "records", records),
    listing("route53", "health checks", "list_health_checks", "HealthChecks", "Id"),
    listing("servicediscovery", "namespaces", "list_namespaces", "Namespaces", "Name"),
    listing("servicediscovery", "services", "list_services", "Services", "Name"),
    listing("dynamodb", "tables", "list_tables", "TableNames", None),
    listing("rds", "instances", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    listing("rds", "parameter groups", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
    listing("rds", "subnet groups", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    listing("elasticache", "replication groups", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
    listing("elasticache", "nodes", "describe_cache_clusters", "CacheClusters", "CacheClusterId"),
    listing("elasticache", "parameter groups", "describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"),
    listing("elasticache", "subnet groups", "describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"),
    listing("s3", "buckets", "list_buckets", "Buckets", "Name"),
    listing("secretsmanager", "secrets", "list_secrets", "SecretList", "Name"),
    ("kms", "keys", keys),
    listing("backup", "plans", "list_backup_plans", "BackupPlansList", "BackupPlanName"),
    listing("backup", "vaults", "list_backup_vaults", "BackupVaultList", "BackupVaultName"),
    ("cognito-idp", "user pools", lambda client: [p["Name"] for p in client.list_user_pools(MaxResults=50)["UserPools"]]),
    ("cognito-idp", "clients", per_pool("list_user_pool_clients", "UserPoolClients", "ClientName")),
    ("cognito-idp", "groups", per_pool("list_groups", "Groups", "GroupName")),
    (
        "cognito-identity",
        "identity pools",
        lambda client: [p["IdentityPoolName"] for p in client.list_identity_pools(MaxResults=50)["IdentityPools"]],
    ),
    listing("iam", "roles", "list_roles", "Roles", "RoleName", lambda r: not r["Path"].startswith("/aws-")),
    listing("iam", "policies", "list_policies", "Policies", "PolicyName", Scope="Local"),
    listing("iam", "instance profiles", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    listing("iam", "OIDC providers", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn"),
    listing("logs", "log groups", "describe_log_groups", "logGroups", "logGroupName"),
    listing("logs", "metric filters", "describe_metric_filters", "metricFilters", "filterName"),
    listing("cloudwatch", "alarms", "describe_alarms", "MetricAlarms", "AlarmName"),
    listing("cloudwatch", "dashboards", "list_dashboards", "DashboardEntries", "DashboardName"),
    listing("events", "rules", "list_rules", "Rules", "Name"),
    listing("scheduler", "schedules", "list_schedules", "Schedules", "Name"),
    listing("sqs", "queues", "list_queues", "QueueUrls", None),
    listing("sns", "topics", "list_topics", "Topics", "TopicArn"),
    listing("sns", "subscriptions", "list_subscriptions", "Subscriptions", "Endpoint"),
    listing("ssm", "parameters", "describe_parameters", "Parameters", "Name"),
    listing("sesv2", "identities", "list_email_identities", "EmailIdentities", "IdentityName"),
    listing("cloudtrail", "trails", "describe_trails", "trailList", "Name"),
    listing("guardduty", "detectors", "list_detectors", "DetectorIds", None),
    ("budgets", "budgets", budgets),
]

# What is one for all regions is told in the first.
GLOBAL = {"cloudfront", "route53", "iam", "budgets", "s3"}


def read(url, regions):
    found = {}
    for index, region in enumerate(regions):
        arguments.update(
            endpoint_url=url,
            region_name=region,
            aws_access_key_id="emulator",
            aws_secret_access_key="emulator",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )
        clients = {}
        for service, kind, names in KINDS:
            if index > 0 and service in GLOBAL:
                continue
            clients[service] = clients.get(service) or boto3.client(service, **arguments)
            where = "global" if service in GLOBAL else region
            try:
                found[f"{where} {service} {kind}"] = sorted(names(clients[service]))
            except (ClientError, BotoCoreError) as error:
                found[f"{where} {service} {kind}"] = [f"not answered: {error}"]
    return found


arguments = {}

if __name__ == "__main__":
    json.dump(read(sys.argv[1], sys.argv[2:] or ["us-east-1"]), sys.stdout, indent=2)
