# The alert engine, development: one NAT gateway, one small task, a bucket without versions.
project_name = "alert-engine"
environment  = "dev"
account_id   = "111122223333"
regions      = ["us-east-1"]
name_prefix  = "alert-engine-dev"
names        = { cluster = "alert-engine-cluster-dev", service = "alert-engine-backend-dev", log-group = "/aws/ecs/alert-engine-dev" }

vpc_cidr           = "10.10.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.10.1.0/24", "10.10.2.0/24"]
private_cidrs      = ["10.10.11.0/24", "10.10.12.0/24"]
database_cidrs     = ["10.10.21.0/24", "10.10.22.0/24"]

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/alert-engine:v1.0.0"
container_port  = 8000
log_level       = "debug"
tool_packs      = ["alerts"]

ingress_mode   = "alb"
domain_name    = "api.dev-alert-engine.example.com"
hosted_zone_id = "Z0123456789ALERTS"

store_mode               = "dynamodb"
data_bucket              = true
data_bucket_cors_origins = ["https://dev-alert-engine.example.com"]
auth                     = "cognito"
identity_pool            = true

nat_mode           = "single"
task_cpu           = 512
task_memory        = 1024
desired_count      = 1
bucket_versioning  = false
log_retention_days = 7
budget_usd         = 120
budget_scope       = "environment"
