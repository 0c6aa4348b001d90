# Development: the least that runs the whole product. One NAT gateway, Spot, an HTTP API, DynamoDB.
project_name = "countersign"
kind         = "dev"
account_id   = "111122223333"
regions      = ["us-east-1"]
tags         = { CostCenter = "platform", Owner = "platform@example.com" }

vpc_cidr           = "10.0.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
public_cidrs       = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
private_cidrs      = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
database_cidrs     = ["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"]
nat_mode           = "single"

container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0"
task_cpu        = 512
task_memory     = 1024
desired_count   = 2
spot_share      = 100
execute_command = true

ingress_mode   = "api-gateway"
domain_name    = "mcp.dev.example.com"
hosted_zone_id = "Z0123456789DEV"

store_mode = "dynamodb"
auth       = "cognito"

log_retention_days = 7
budget_usd         = 120
budget_scope       = "environment"
admin_emails       = ["platform@example.com"]
