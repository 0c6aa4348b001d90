# The market-data server in three regions: tasks in public subnets, latency records, service discovery.
project_name = "my-app"
environment  = "dev"
account_id   = "111122223333"
regions      = ["eu-west-1", "eu-west-2", "us-east-1"]
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

discovery_namespace   = "app-services"
discovery_service     = "app"
discovery_ttl_seconds = 60

# 172.32/16 and 172.33/16 are public address space; 10.32/16 and 10.33/16 stand in for them.
region_settings = {
  eu-west-2 = {
    vpc_cidr           = "10.32.0.0/16"
    availability_zones = ["eu-west-2a", "eu-west-2b", "eu-west-2c"]
    public_cidrs       = ["10.32.0.0/20", "10.32.16.0/20", "10.32.32.0/20"]
  }
  us-east-1 = {
    vpc_cidr           = "10.33.0.0/16"
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
    public_cidrs       = ["10.33.0.0/20", "10.33.16.0/20", "10.33.32.0/20"]
  }
}

ingress_mode   = "alb"
domain_name    = "api.example.com"
hosted_zone_id = "Z0123456789YOURS"

store_mode         = "none"
auth               = "none"
log_retention_days = 7
budget_usd         = 98
