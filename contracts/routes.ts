/**
 * Every HTTP route of the service. The platform derives API Gateway routes, throttles and WAF paths; the service
 * derives its Fastify routes and their limits, so a path is written once.
 */
import type { Scope } from './scopes.ts';

/**
 * none: no credentials. bearer: an access token (API Gateway's authorizer checks it too). page: a signed-in person.
 * protocol: the OAuth endpoint's own rules (client authentication, PKCE).
 */
export type RouteAuth = 'none' | 'bearer' | 'page' | 'protocol';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'ANY';
  readonly path: string;
  readonly auth: RouteAuth;
  /** Scopes the authorizer requires before the service is reached; the service checks each tool's own besides. */
  readonly scopes?: readonly Scope[];
  /** Sustained requests per second: of the facade per caller at the edge, of all others per browser. */
  readonly rate: number;
  /** Part of the REST facade that API Gateway serves; everything else goes to the load balancer. */
  readonly facade: boolean;
  /** Only where demo people sign in; the platform does not lead there. */
  readonly sandboxOnly?: true;
}

const page = (method: 'GET' | 'POST', path: string): RouteContract => ({
  method,
  path,
  auth: 'page',
  rate: 20,
  facade: false,
});
const open = (path: string, rate = 50): RouteContract => ({ method: 'GET', path, auth: 'none', rate, facade: false });
const facade = (method: 'GET' | 'POST', path: string): RouteContract => ({
  method,
  path,
  auth: 'bearer',
  scopes: ['tag:read'],
  rate: 100,
  facade: true,
});

export const routes = {
  mcp: { method: 'ANY', path: '/mcp', auth: 'bearer', rate: 100, facade: false },
  executeTool: facade('POST', '/mcp/execute-tool'),
  confirmOperation: facade('POST', '/mcp/confirm-operation'),
  listTools: facade('GET', '/mcp/tools/list'),
  auditLogs: facade('GET', '/mcp/audit-logs'),
  facadeHealth: { method: 'GET', path: '/mcp/health', auth: 'none', rate: 50, facade: true },
  health: open('/health'),
  ready: open('/ready'),
  resourceMetadata: open('/.well-known/oauth-protected-resource'),
  resourceMetadataForMcp: open('/.well-known/oauth-protected-resource/mcp'),
  authorizationServerMetadata: open('/.well-known/oauth-authorization-server'),
  openidMetadata: open('/.well-known/openid-configuration'),
  oauth: { method: 'ANY', path: '/oauth/*', auth: 'protocol', rate: 20, facade: false },
  stylesheet: open('/assets/countersign.css'),
  icon: open('/assets/mark.svg'),
  home: open('/'),
  signIn: { method: 'GET', path: '/sign-in', auth: 'none', rate: 10, facade: false },
  signInAs: { method: 'POST', path: '/sign-in', auth: 'none', rate: 5, facade: false, sandboxOnly: true },
  signInAtProvider: { method: 'GET', path: '/sign-in/company', auth: 'none', rate: 10, facade: false },
  signInCallback: { method: 'GET', path: '/sign-in/callback', auth: 'none', rate: 10, facade: false },
  signOut: page('POST', '/sign-out'),
  interaction: { method: 'GET', path: '/interaction/:uid', auth: 'protocol', rate: 10, facade: false },
  consent: { method: 'POST', path: '/interaction/:uid/consent', auth: 'protocol', rate: 5, facade: false },
  stepUp: page('GET', '/step-up'),
  raise: page('POST', '/step-up'),
  apps: page('GET', '/apps'),
  disconnect: page('POST', '/apps/:sessionId/disconnect'),
  approvals: page('GET', '/approvals'),
  approval: page('GET', '/approvals/:operationId'),
  decide: page('POST', '/approvals/:operationId'),
  operations: page('GET', '/operations'),
  operation: page('GET', '/operations/:operationId'),
  compliance: page('GET', '/compliance'),
} as const satisfies Record<string, RouteContract>;

export type RouteName = keyof typeof routes;
