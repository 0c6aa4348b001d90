# The startup's staging: one to two free-tier instances behind a load balancer, a small PostgreSQL.
project_name = "startup-mcp"
environment  = "staging"
account_id   = "111122223333"
regions      = ["us-east-1"]

vpc_cidr           = "10.40.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.40.1.0/24", "10.40.2.0/24"]
private_cidrs      = ["10.40.11.0/24", "10.40.12.0/24"]
nat_mode           = "none"

compute_mode    = "ec2"
container_image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0"
instance_type   = "t3.micro"
# Put in an Amazon Linux 2023 image of your region; this one is known to the emulator only.
ami_id           = "ami-12c6146b"
instance_disk_gb = 20
desired_count    = 1
autoscale        = true
min_count        = 1
max_count        = 2
cpu_target       = 60

ingress_mode   = "alb"
domain_name    = "mcp.staging.startup.example.com"
hosted_zone_id = "Z0123456789STARTUP"

store_mode  = "postgres"
db_class    = "db.t3.micro"
db_multi_az = false
auth        = "cognito"

log_retention_days  = 14
alarm_p95_ms        = 500
alarm_error_percent = 1
# Jobs go by the tables, as they do where production grows: the alarms on a queue are what its budget has no room for.
job_queue           = "tables"
budget_usd          = 50
budget_scope        = "environment"
# Slack is told at the mail address of a channel: its incoming webhooks confirm no subscription.
ops_emails   = ["founders@example.com", "critical@chat.startup.example.com"]
admin_emails = ["founders@example.com", "costs@chat.startup.example.com"]
