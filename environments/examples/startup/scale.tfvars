# The startup's production at scale, over 1,000 people or 5,000,000 requests in 30 days: tasks on ARM in two colours behind a
# load balancer, and a cache. Tables, project and domain are those of prod.tfvars, so that nothing that is stored moves.
project_name = "startup-mcp"
environment  = "prod"
account_id   = "777788889999"
regions      = ["us-east-1"]

vpc_cidr           = "10.41.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.41.1.0/24", "10.41.2.0/24"]
private_cidrs      = ["10.41.11.0/24", "10.41.12.0/24"]
nat_mode           = "none"

compute_mode     = "fargate"
cpu_architecture = "ARM64"
container_image  = "777788889999.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0"
task_cpu         = 512
task_memory      = 1024
desired_count    = 2
autoscale        = true
min_count        = 2
max_count        = 6
cpu_target       = 60
blue_green       = true

ingress_mode   = "alb"
domain_name    = "mcp.startup.example.com"
hosted_zone_id = "Z0123456789STARTUP"

store_mode    = "dynamodb"
cache_enabled = true
cache_engine  = "valkey"
cache_node    = "cache.t4g.micro"
cache_nodes   = 1
auth          = "cognito"

log_retention_days  = 30
alarm_p95_ms        = 500
alarm_error_percent = 1
guardduty           = false
control_reasons = {
  "GuardDuty.1" = "200 USD a month are to be enough, and the tasks hold no data."
  "ECS.2"       = "A NAT gateway is 33 USD a month; only the load balancer reaches the tasks."
  "ElastiCache.3" = "One node: what is in the cache may be lost."
}
xray                = true
budget_usd          = 200
budget_scope        = "environment"
# Slack is told at the mail address of a channel: its incoming webhooks confirm no subscription.
ops_emails      = ["founders@example.com", "critical@chat.startup.example.com"]
admin_emails    = ["founders@example.com", "costs@chat.startup.example.com"]
security_emails = ["founders@example.com"]
