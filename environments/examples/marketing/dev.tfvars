# The marketing server, development: one NAT gateway, Spot, the HTTP API alone.
# An account of its own, because its resources have the names of those of prod.
project_name = "marketing-mcp"
environment  = "dev"
account_id   = "444455556666"
regions      = ["us-east-1"]
name_prefix  = "marketing-mcp"
names        = { service = "marketing-mcp-service", target-group = "marketing-mcp-target-group", task-family = "marketing-mcp-server", log-group = "/aws/ecs/marketing-mcp-server", repository = "marketing-mcp-server", dashboard = "marketing-mcp-development" }

vpc_cidr           = "10.0.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
private_cidrs      = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
database_cidrs     = ["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"]
vpc_endpoints      = ["secretsmanager"]

container_image      = "444455556666.dkr.ecr.us-east-1.amazonaws.com/marketing-mcp-server:v1.0.0"
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
team_claim = "custom:agency"
# People connect their Google accounts on /apps. In staging and prod the application sends their tokens.
google_credentials = "connected"
google_client_id   = "1234567890-marketing.apps.example.com"
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

nat_mode           = "single"
spot_share         = 100
desired_count      = 2
ingress_mode       = "api-gateway"
domain_name        = "mcp-dev.marketing.example.com"
hosted_zone_id     = "Z0123456789MARKETING"
log_retention_days = 7
budget_usd         = 120
budget_scope       = "environment"
