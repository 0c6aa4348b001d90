# The tag-governance server: a public load balancer, PostgreSQL and Redis in several zones, two to ten large tasks.
project_name = "tagging-mcp"
environment  = "prod"
account_id   = "111122223333"
regions      = ["us-east-1"]
name_prefix  = "tagging-mcp"
names        = { cluster = "tagging-mcp-cluster", service = "tagging-mcp-server", task-family = "tagging-mcp-server", database = "tagging-mcp-db", log-group = "/ecs/tagging-mcp-server", repository = "finops-tag-compliance-mcp", task-role = "FinOpsTagComplianceFargateTaskRole" }

vpc_cidr           = "10.20.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.20.1.0/24", "10.20.2.0/24", "10.20.3.0/24"]
private_cidrs      = ["10.20.11.0/24", "10.20.12.0/24", "10.20.13.0/24"]
database_cidrs     = ["10.20.21.0/24", "10.20.22.0/24", "10.20.23.0/24"]
nat_mode           = "per-az"

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/finops-tag-compliance-mcp:v2.0.0"
container_port  = 8080
task_cpu        = 2048
task_memory     = 4096
desired_count   = 2
autoscale       = true
min_count       = 2
max_count       = 10
cpu_target      = 70
blue_green      = true
# The old colour stays for a day, so that going back is a matter of seconds.
cutover_hold_hours = 24

tool_packs = ["tagging"]
# approve_bulk_tagging_request is one of its tools: it takes the hash of the plan that the person read.
approve_on_page_only      = false
estate_regions            = ["us-east-1", "us-west-2"]
estate_accounts           = ["111122223333", "444455556666"]
cross_account_role_name   = "CrossAccountTagAuditRole"
cross_account_external_id = "finops-mcp-cross-account-v1"
# The tag policy that is in effect for this account becomes the first tagging policy; without one the default holds.
auto_import_aws_policy = true
fallback_to_default    = true

ingress_mode   = "alb"
domain_name    = "mcp.finops.example.com"
hosted_zone_id = "Z0123456789FINOPS"

store_mode    = "postgres"
db_class      = "db.t4g.micro"
db_gb         = 20
db_multi_az   = true
db_name       = "finops_mcp"
db_username   = "mcp_admin"
cache_enabled = true
cache_engine  = "redis"
cache_node    = "cache.t4g.micro"
cache_nodes   = 2

auth          = "sso"
sso_issuer    = "https://login.example.com"
sso_client_id = "tagging-mcp-prod"
role_map      = { finops-analysts = ["analyst"], finops-leads = ["approver"], finops-admins = ["admin"] }
secret_prefix = "finops/mcp"
container_secrets = {
  SSO_CLIENT_SECRET = "oauth-credentials:client_secret"
  ENCRYPTION_KEY    = "encryption-keys:encryption_key"
  REDIS_URL         = "cache-credentials:url"
}

log_retention_days    = 365
alarm_errors          = 10
alarm_errors_periods  = 2
alarm_cpu_percent     = 85
alarm_p95_ms          = 1000
alarm_db_connections  = 80
guardduty             = false
control_reasons = {
  "GuardDuty.1" = "The organization makes the detector, for all of its accounts."
}
cloudtrail            = true
xray                  = true
budget_usd            = 163
budget_alert_percents = [80, 100]
ops_emails            = ["finops@example.com"]
security_emails       = ["finops@example.com"]
