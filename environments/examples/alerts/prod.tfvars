# The alert engine, production: a NAT gateway in each of two zones, two to ten tasks, versions and lifecycle.
project_name = "alert-engine"
environment  = "prod"
account_id   = "111122223333"
regions      = ["us-east-1"]
name_prefix  = "alert-engine-prod"
names        = { cluster = "alert-engine-cluster-prod", service = "alert-engine-backend-prod", log-group = "/aws/ecs/alert-engine-prod" }

vpc_cidr           = "10.12.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.12.1.0/24", "10.12.2.0/24"]
private_cidrs      = ["10.12.11.0/24", "10.12.12.0/24"]
database_cidrs     = ["10.12.21.0/24", "10.12.22.0/24"]

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/alert-engine:v1.0.0"
container_port  = 8000
log_level       = "info"
tool_packs      = ["alerts"]

ingress_mode   = "alb"
domain_name    = "api.alert-engine.example.com"
hosted_zone_id = "Z0123456789ALERTS"

store_mode               = "dynamodb"
data_bucket              = true
data_bucket_cors_origins = ["https://alert-engine.example.com"]
auth                     = "cognito"
identity_pool            = true

nat_mode           = 2
task_cpu           = 1024
task_memory        = 2048
desired_count      = 2
autoscale          = true
min_count          = 2
max_count          = 10
cpu_target         = 70
memory_target      = 80
circuit_breaker    = true
bucket_versioning  = true
bucket_lifecycle   = true
log_retention_days = 30
budget_usd         = 230
budget_scope       = "environment"
ops_emails         = ["ops@example.com"]
security_emails    = ["ops@example.com"]
