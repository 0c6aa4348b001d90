# Staging: prod's shape at a smaller size, so that what is tried here is what runs there.
project_name = "countersign"
kind         = "staging"
account_id   = "111122223333"
regions      = ["us-east-1"]
tags         = { CostCenter = "platform", Owner = "platform@example.com" }

vpc_cidr           = "10.1.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24"]
private_cidrs      = ["10.1.11.0/24", "10.1.12.0/24", "10.1.13.0/24"]
database_cidrs     = ["10.1.21.0/24", "10.1.22.0/24", "10.1.23.0/24"]
nat_mode           = "single"

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0"
task_cpu        = 1024
task_memory     = 2048
desired_count   = 3
spot_share      = 100
blue_green      = true

ingress_mode              = "edge"
domain_name               = "mcp.staging.example.com"
hosted_zone_id            = "Z0123456789STAGING"
cloudfront_prefix_list_id = "pl-3b927c52"
waf                       = "basic"

store_mode    = "postgres"
db_multi_az   = false
cache_enabled = true
auth          = "cognito"

log_retention_days = 30
budget_usd         = 180
budget_scope       = "environment"
admin_emails       = ["platform@example.com"]
ops_emails         = ["ops@example.com"]
