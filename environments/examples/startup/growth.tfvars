# The startup's production as it grows, over 100 people or 500,000 requests in 30 days: more memory, two functions kept warm.
# The same names as in prod.tfvars, so that its settings can be taken over there. An account of its own keeps the two apart.
project_name = "startup-mcp"
environment  = "prod"
account_id   = "444455556666"
regions      = ["us-east-1"]

compute_mode                   = "lambda"
cpu_architecture               = "ARM64"
lambda_memory_mb               = 2048
lambda_timeout_seconds         = 29
lambda_provisioned_concurrency = 2

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
  "CloudFront.6" = "75 USD a month are to be enough; the API has throttles, and every call has a token."
  "GuardDuty.1"  = "75 USD a month are to be enough, and there is no network of its own to watch."
}
xray                = true
budget_usd          = 75
budget_scope        = "environment"
# Slack is told at the mail address of a channel: its incoming webhooks confirm no subscription.
ops_emails      = ["founders@example.com", "critical@chat.startup.example.com"]
admin_emails    = ["founders@example.com", "costs@chat.startup.example.com"]
security_emails = ["founders@example.com"]
