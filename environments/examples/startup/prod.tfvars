# The startup's production: a function behind an HTTP API and CloudFront, DynamoDB on demand. No VPC.
project_name = "startup-mcp"
environment  = "prod"
account_id   = "111122223333"
regions      = ["us-east-1"]

compute_mode                   = "lambda"
cpu_architecture               = "ARM64"
lambda_memory_mb               = 1024
lambda_timeout_seconds         = 29
lambda_provisioned_concurrency = 0

ingress_mode       = "edge"
domain_name        = "mcp.startup.example.com"
hosted_zone_id     = "Z0123456789STARTUP"
api_throttle_rate  = 10000
api_throttle_burst = 5000

store_mode    = "dynamodb"
auth          = "cognito"

log_retention_days  = 30
alarm_p95_ms        = 500
alarm_error_percent = 1
guardduty           = false
control_reasons = {
  "CloudFront.6" = "50 USD a month are to be enough; the API has throttles, and every call has a token."
  "GuardDuty.1"  = "50 USD a month are to be enough, and there is no network of its own to watch."
}
xray                = true
budget_usd          = 50
budget_scope        = "environment"
# Slack is told at the mail address of a channel: its incoming webhooks confirm no subscription.
ops_emails      = ["founders@example.com", "critical@chat.startup.example.com"]
admin_emails    = ["founders@example.com", "costs@chat.startup.example.com"]
security_emails = ["founders@example.com"]
