# Production: three zones with a NAT gateway each, three to ten tasks on demand, CloudFront with the full web ACL.
project_name      = "countersign"
kind              = "prod"
account_id        = "111122223333"
regions           = ["us-east-1"]
github_repository = "example/countersign"
tags              = { CostCenter = "platform", Owner = "platform@example.com" }

vpc_cidr           = "10.2.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.2.1.0/24", "10.2.2.0/24", "10.2.3.0/24"]
private_cidrs      = ["10.2.11.0/24", "10.2.12.0/24", "10.2.13.0/24"]
database_cidrs     = ["10.2.21.0/24", "10.2.22.0/24", "10.2.23.0/24"]
nat_mode           = "per-az"
vpc_endpoints      = ["secretsmanager", "ecr.api", "ecr.dkr", "logs"]

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0"
task_cpu        = 1024
task_memory     = 2048
desired_count   = 3
autoscale       = true
min_count       = 3
max_count       = 10
cpu_target      = 70
memory_target   = 80
blue_green      = true

ingress_mode              = "edge"
domain_name               = "mcp.example.com"
hosted_zone_id            = "Z0123456789PROD"
cloudfront_prefix_list_id = "pl-3b927c52"
waf                       = "full"
waf_allowed_countries     = ["US", "CA", "GB", "DE"]

store_mode    = "postgres"
db_class      = "db.t4g.small"
cache_enabled = true
encryption    = "cmk"
backup_region = "us-west-2"
auth          = "cognito"

log_retention_days = 90
xray               = true
# 441 before anybody calls (npm run cost): 80 % of it, where the first message is sent, leaves room for use.
budget_usd         = 560
budget_scope       = "environment"
cost_anomaly_usd   = 50
admin_emails       = ["platform@example.com"]
ops_emails         = ["ops@example.com"]
ops_webhooks       = ["https://events.paging.example.com/integration/ops/enqueue"]
security_emails    = ["security@example.com"]
