/** The least that has resources: no load balancer, whose making takes minutes of waiting. */
export const tiny = `project_name = "tiny"
environment  = "dev"
account_id   = "111122223333"
regions      = ["us-east-1"]
vpc_cidr           = "10.9.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.9.1.0/24", "10.9.2.0/24"]
nat_mode           = "none"
container       = "custom"
container_image = "ghcr.io/example/tiny:v1"
desired_count   = 0
domain_name     = "tiny.example.com"
hosted_zone_id  = "Z0123456789TINY"
weekend_only    = true
destroy_albs_when_scaled_down = true
alb_enabled     = false
store_mode = "none"
auth       = "none"
flow_logs  = false
deletion_protection = false
`;
