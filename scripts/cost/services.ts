/**
 * The service under which Cost Explorer lists what a line of an estimate is about, by its name there: what
 * `aws ce get-dimension-values --dimension SERVICE` answers.
 */
export const billedUnder = {
  Tasks: 'Amazon Elastic Container Service',
  Instances: 'Amazon Elastic Compute Cloud - Compute',
  'Instance disks': 'EC2 - Other',
  'Warm functions': 'AWS Lambda',
  'Load balancer': 'Amazon Elastic Load Balancing',
  'Load balancer without tasks': 'Amazon Elastic Load Balancing',
  'NAT gateways': 'EC2 - Other',
  'Public IPv4 addresses': 'Amazon Virtual Private Cloud',
  'Interface endpoints': 'Amazon Virtual Private Cloud',
  Database: 'Amazon Relational Database Service',
  'Database storage': 'Amazon Relational Database Service',
  Cache: 'Amazon ElastiCache',
  'Web ACLs': 'AWS WAF',
  'Rules of web ACLs': 'AWS WAF',
  Keys: 'AWS Key Management Service',
  Secrets: 'AWS Secrets Manager',
  'Metrics that alarms read': 'AmazonCloudWatch',
  'Composite alarms': 'AmazonCloudWatch',
  'Metrics taken from logs': 'AmazonCloudWatch',
  Dashboards: 'AmazonCloudWatch',
  'Hosted zones': 'Amazon Route 53',
  'Health checks': 'Amazon Route 53',
} as const;

export type Item = keyof typeof billedUnder;
