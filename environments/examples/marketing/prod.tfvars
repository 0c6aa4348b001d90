# The marketing server, production: NAT per zone, three to ten tasks on demand, CloudFront with the full web ACL.
project_name = "marketing-mcp"
environment  = "prod"
account_id   = "111122223333"
regions      = ["us-east-1"]
name_prefix  = "marketing-mcp"
names        = { service = "marketing-mcp-service", target-group = "marketing-mcp-target-group", task-family = "marketing-mcp-server", log-group = "/aws/ecs/marketing-mcp-server", repository = "marketing-mcp-server", dashboard = "marketing-mcp-production" }

vpc_cidr           = "10.0.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
private_cidrs      = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
database_cidrs     = ["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"]
vpc_endpoints      = ["secretsmanager"]

container_image      = "111122223333.dkr.ecr.us-east-1.amazonaws.com/marketing-mcp-server:v1.0.0"
container_port       = 3000
task_cpu             = 1024
task_memory          = 2048
log_stream_prefix    = "marketing-mcp"
log_level            = "info"
secret_prefix        = "marketing-mcp"
secret_rotation_days = 90

health_check_interval_seconds = 30
health_check_unhealthy        = 3

tool_packs = ["marketing"]
# Managers decide access to accounts for their own agency.
team_claim  = "custom:agency"
rest_facade = true
# Its own application asks the person before it confirms.
confirm_by_tool  = true
stickiness       = true
cors_origins     = ["https://app.marketing.example.com"]
api_key_required = true
api_key_header   = "x-platform-api-key"
employee_claim   = "custom:employeeId"
employee_prefix  = "EMP-"

store_mode         = "dynamodb"
table_prefix       = "marketing-mcp-"
auth               = "cognito"
cognito_attributes = ["employeeId", "agency", "role"]
mail_domain        = "marketing.example.com"
# Admins learn of every write at once, managers each hour.
usual_notices      = "every-change"
ops_emails         = ["ops@marketing.example.com"]
security_emails    = ["security@marketing.example.com"]
admin_emails       = ["admin@marketing.example.com"]

nat_mode                   = "per-az"
desired_count              = 3
autoscale                  = true
min_count                  = 3
max_count                  = 10
scale_policy               = "step"
scale_out_cooldown_seconds = 180
scale_in_cooldown_seconds  = 600
memory_target              = 80
ingress_mode               = "edge"
origin_access              = "vpc-origin"
cloudfront_prefix_list_id  = "pl-3b927c52"
domain_name                = "mcp.marketing.example.com"
hosted_zone_id             = "Z0123456789MARKETING"
waf                        = "full"
waf_rate_per_minute        = 100
waf_allowed_countries      = ["US", "CA", "GB"]
waf_allowed_cidrs          = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"]
encryption                 = "cmk"
log_retention_days         = 90
alarm_healthy_hosts        = 2
daily_export               = true
backup_region              = "us-west-2"
cloudtrail                 = true
budget_usd                 = 350
budget_scope               = "environment"
ops_webhooks               = ["https://events.paging.example.com/integration/marketing/enqueue"]
security_webhooks          = ["https://app.marketing.example.com/hooks/security", "https://events.paging.example.com/integration/marketing-security/enqueue"]
