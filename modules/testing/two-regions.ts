/** Changes that make an environment in us-east-1 one of two regions that share a state, for tests. */
export const twoRegions = {
  regions: ['us-east-1', 'eu-west-1'],
  home_region: 'us-east-1',
  region_settings: {
    'eu-west-1': {
      vpc_cidr: '10.9.0.0/16',
      availability_zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      public_cidrs: ['10.9.1.0/24', '10.9.2.0/24', '10.9.3.0/24'],
      private_cidrs: ['10.9.11.0/24', '10.9.12.0/24', '10.9.13.0/24'],
      database_cidrs: ['10.9.21.0/24', '10.9.22.0/24', '10.9.23.0/24'],
      cloudfront_prefix_list_id: 'pl-4fa04526',
    },
  },
  store_mode: 'dynamodb',
  auth: 'sso',
  sso_issuer: 'https://login.example.com',
  sso_client_id: 'countersign',
} as const;
