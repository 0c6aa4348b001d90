# The market-data server in one region without a domain, on Saturdays and Sundays from 6 to 22 UTC.
# An account of its own, because its resources have the names of those of dev.
project_name = "my-app"
environment  = "dev"
account_id   = "444455556666"
regions      = ["eu-west-1"]
name_prefix  = "app"
names        = { log-group = "/ecs/app-task", cluster = "app-cluster" }

vpc_cidr           = "172.31.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
public_cidrs       = ["172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20"]
nat_mode           = "none"

container         = "custom"
container_image   = "ghcr.io/example-org/example-app:v1.0.0"
container_name    = "app-server"
container_port    = 8001
task_cpu          = 1024
task_memory       = 3072
desired_count     = 2
health_check_path = "/health"
container_secrets = { API_KEY = "app:API_KEY" }
service_discovery = true

weekend_only                  = true
weekend_hours_start           = 6
weekend_hours_end             = 22
destroy_albs_when_scaled_down = false

ingress_mode       = "alb"
store_mode         = "none"
auth               = "none"
log_retention_days = 7
budget_usd         = 30
