/** Where the service listens, who it is, and how it starts and stops. */
import { z } from 'zod';
import { LONGEST_WAIT_SECONDS } from '../calls.ts';
import { isTimeZone, timeZoneError } from '../time-zone.ts';
import { choice, flag, integer, list, text, url, type VariableContract, variable } from '../variable.ts';

export const servingVariables = {
  ENVIRONMENT: variable(
    z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/, 'must be 1 to 24 lower-case letters, digits and hyphens')
      .default('local'),
    {
      description:
        'What the environment is called, in every log line and trace. local may use the sandbox and plain http; no other may.',
      example: 'eu-prod',
    },
  ),
  DEPLOYMENT_COLOUR: variable(z.enum(['blue', 'green'], { error: 'must be blue or green' }).optional(), {
    description:
      'Which of two colours behind one load balancer this task is of: /health, log lines, metrics in embedded format and the leases of applies name it. Unset where there is one.',
    example: 'blue | green',
  }),
  PORT: integer({ description: 'TCP port of the service.', default: 3000, min: 0, max: 65535 }),
  HOST: text({
    description:
      'Address to listen on. Default 127.0.0.1 with demo people, as whoever reaches it may be any of them, else 0.0.0.0.',
    example: '0.0.0.0',
  }),
  SANDBOX_ON_NETWORK: flag({
    description:
      'Lets HOST be another address than this machine’s own without SSO_ISSUER. Whoever reaches it may then act as any demo person: only behind something that keeps others out.',
    default: false,
  }),
  METRICS_PORT: integer({
    description: 'TCP port of the Prometheus endpoint /metrics, on its own listener. 0 turns it off.',
    default: 0,
    min: 0,
    max: 65535,
  }),
  PUBLIC_URL: url({
    description:
      'The origin people and clients type, without a path. The issuer, the resource, links and Host checks derive from it. Default http://localhost:PORT.',
    example: 'https://mcp.example.com',
  }),
  ALLOWED_ORIGINS: list({
    description: 'Browser origins besides PUBLIC_URL that may call /mcp, comma separated.',
    example: 'https://claude.ai',
  }),
  TRUSTED_PROXIES: list({
    description: 'Addresses or CIDR blocks of load balancers whose X-Forwarded-For is believed, comma separated.',
    example: '10.0.0.0/16',
  }),
  AUTHORIZER_CONTEXT_FROM: list({
    description:
      'CIDR blocks of the VPC link of an API Gateway whose authorizer’s word about callers (x-countersign- headers) is taken into the audit log, comma separated. Empty: nobody’s.',
    example: '10.0.11.0/24,10.0.12.0/24',
    item: /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
    itemError: 'must be IPv4 CIDR blocks such as 10.0.11.0/24',
  }),
  LOG_LEVEL: choice({
    description: 'Least severe log line that is written.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
  }),
  KEEP_ALIVE_SECONDS: integer({
    description:
      'Seconds an idle connection is kept open. Longer than the idle timeout of the load balancer in front, which otherwise sends a request into a connection that just closed and answers 502.',
    default: 72,
    min: 1,
    max: 4005,
  }),
  SHUTDOWN_DELAY_SECONDS: integer({
    description:
      'Seconds after SIGTERM in which requests are served as before while /ready answers 503, so that load balancers send them elsewhere. At least interval x unhealthy threshold of the health check, and 5 more. With the grace at most 115.',
    default: 0,
    min: 0,
    max: 115,
  }),
  SHUTDOWN_GRACE_SECONDS: integer({
    description:
      'Seconds after that delay in which running requests may finish; new connections are refused. Keep both together below the stop timeout.',
    default: 25,
    min: 0,
    max: 115,
  }),
  LONGEST_WAIT_SECONDS: integer({
    description:
      'Longest time wait_for_operation keeps a call open. Below the time-out of whatever stands before the service: an HTTP API ends a call at 30 s.',
    default: LONGEST_WAIT_SECONDS,
    min: 1,
    max: LONGEST_WAIT_SECONDS,
  }),

  TIME_ZONE: variable(z.string().refine(isTimeZone, timeZoneError).default('UTC'), {
    description: 'Time zone in which pages show times beside UTC, by its name in the IANA database.',
    example: 'Europe/Berlin',
  }),
} as const satisfies Record<string, VariableContract>;
