# The alert engine, staging: no NAT, so its tasks run in public subnets; one to three tasks.
project_name = "alert-engine"
environment  = "staging"
account_id   = "111122223333"
regions      = ["us-east-1"]
name_prefix  = "alert-engine-stage"
names        = { cluster = "alert-engine-cluster-stage", service = "alert-engine-backend-stage", log-group = "/aws/ecs/alert-engine-stage" }

vpc_cidr           = "10.11.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.11.1.0/24", "10.11.2.0/24"]
database_cidrs     = ["10.11.21.0/24", "10.11.22.0/24"]

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/alert-engine:v1.0.0"
container_port  = 8000
log_level       = "info"
tool_packs      = ["alerts"]

ingress_mode   = "alb"
domain_name    = "api.stage-alert-engine.example.com"
hosted_zone_id = "Z0123456789ALERTS"

store_mode               = "dynamodb"
data_bucket              = true
data_bucket_cors_origins = ["https://stage-alert-engine.example.com"]
auth                     = "cognito"
identity_pool            = true

nat_mode           = "none"
task_cpu           = 1024
task_memory        = 2048
desired_count      = 1
autoscale          = true
min_count          = 1
max_count          = 3
cpu_target         = 70
memory_target      = 80
bucket_versioning  = true
bucket_lifecycle   = false
log_retention_days = 14
budget_usd         = 100
budget_scope       = "environment"
