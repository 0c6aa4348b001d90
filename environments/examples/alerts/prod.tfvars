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

container         = "custom"
container_image   = "111122223333.dkr.ecr.us-east-1.amazonaws.com/alert-engine:v1.0.0"
container_port    = 8000
health_check_path = "/health"
# The slim image has no curl, but Python.
health_check_command = ["CMD", "python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/health')"]
# The bucket is the one made here: its name ends in account and region.
container_env     = { API_HOST = "0.0.0.0", API_PORT = "8000", LOG_LEVEL = "INFO", ALERT_DATA_PATH = "/app/data", PYTHONPATH = "/app/src", S3_BUCKET = "alert-engine-prod-data-111122223333-us-east-1" }
container_secrets = { DATABASE_PASSWORD = "app:DATABASE_PASSWORD", API_KEY = "app:API_KEY" }
task_grants       = ["data-bucket", "identity"]
# It writes its working files to /app/data.
readonly_root = false
control_reasons = {
  "ECS.5"  = "The image writes its working files below /app/data."
  "ECS.20" = "The image names its own user, which is not root."
}

ingress_mode   = "alb"
domain_name    = "api.alert-engine.example.com"
hosted_zone_id = "Z0123456789ALERTS"

store_mode               = "none"
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
budget_usd         = 200
budget_scope       = "environment"
ops_emails         = ["ops@example.com"]
security_emails    = ["ops@example.com"]
