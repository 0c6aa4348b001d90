/** An image of somebody else in the place of ours, as the marketing system ran one before it had a pack. */
export const customImage = {
  container: 'custom',
  tool_packs: undefined,
  team_claim: undefined,
  google_credentials: undefined,
  google_client_id: undefined,
  log_level: undefined,
  health_check_path: '/health',
  health_check_command: ['CMD-SHELL', 'node -e "fetch(\'http://localhost:3000/health\')"'],
  container_log_format: 'json',
  container_env: { NODE_ENV: 'production', LOG_LEVEL: 'INFO' },
  container_secrets: { CRUX_API_KEY: 'crux-api-key', PLATFORM_API_KEY: 'platform-api-key' },
  task_grants: ['secrets', 'tables', 'mail', 'metrics'],
  upstream_hosts: ['api.ads.example.com'],
} as const;
