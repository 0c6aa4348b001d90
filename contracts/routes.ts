/**
 * Every HTTP route of the service. The platform derives API Gateway routes, throttles and WAF paths; the service
 * derives its Fastify routes and their limits, so a path is written once.
 */
import { enabledNames, merged, providersOf } from './packs/index.ts';
import type { PackRoute } from './packs/pack.ts';
import type { RouteContract } from './route.ts';

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
  scopes: ['operations:read'],
  rate: 100,
  facade: true,
});

const coreRoutes = {
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
  connectAccount: { ...page('POST', '/apps/accounts/:provider/connect'), forProviders: true },
  // Where the provider sends the person back to.
  accountConnected: { ...page('GET', '/apps/accounts/:provider/connected'), forProviders: true },
  disconnectAccount: { ...page('POST', '/apps/accounts/:provider/disconnect'), forProviders: true },
  // Before the page of the same path: the permission of a path is named after its last route, and a new name replaces it.
  denySeveral: page('POST', '/approvals'),
  approvals: page('GET', '/approvals'),
  approval: page('GET', '/approvals/:operationId'),
  decide: page('POST', '/approvals/:operationId'),
  operations: page('GET', '/operations'),
  operation: page('GET', '/operations/:operationId'),
  operationChanges: page('GET', '/operations/:operationId/changes.csv'),
  operationWorkbook: page('GET', '/operations/:operationId/changes.xlsx'),
  planRevert: page('POST', '/operations/:operationId/revert'),
  audit: page('GET', '/audit'),
  exportAudit: page('POST', '/audit'),
  jobs: page('GET', '/jobs'),
  decideJob: page('POST', '/jobs/:jobId'),
  download: page('GET', '/download'),
  access: page('GET', '/access'),
  requestAccess: page('POST', '/access'),
  accessRequest: page('GET', '/access/requests/:requestId'),
  decideAccess: page('POST', '/access/requests/:requestId'),
  accountAccess: page('GET', '/access/accounts'),
  revokeAccess: page('POST', '/access/accounts'),
  notices: page('GET', '/notices'),
  chooseNotices: page('POST', '/notices'),
  replayNotice: page('POST', '/notices/undelivered/:jobId'),
  resumeNotices: page('POST', '/notices/paused'),
  sentNotices: { ...page('GET', '/notices/sent'), sandboxOnly: true },
} as const satisfies Record<string, RouteContract>;

/** Pages and webhooks of packs go to the load balancer; none is part of the facade. */
const ofPack = (route: PackRoute): RouteContract => {
  const { method, path, auth, rate } = route;
  const isSandboxOnly = 'sandboxOnly' in route && route.sandboxOnly === true;
  return { method, path, auth, rate, facade: false, ...(isSandboxOnly && { sandboxOnly: true }) };
};
const packRoutes = merged('routes', coreRoutes);
type PackRouteName = keyof typeof packRoutes;

/** Every route that this version knows, of all packs. */
export const routes = {
  ...coreRoutes,
  ...(Object.fromEntries(Object.entries<PackRoute>(packRoutes).map(([name, route]) => [name, ofPack(route)])) as Record<
    PackRouteName,
    RouteContract
  >),
};

export type RouteName = keyof typeof routes;

/** The routes of a service with these packs: the core's own, and theirs. */
export const routesOf = (packs: readonly string[]): Readonly<Record<string, RouteContract>> => {
  const offered = enabledNames(packs, 'routes');
  const connects = providersOf(packs).length > 0;
  return Object.fromEntries(
    Object.entries<RouteContract>(routes).filter(
      ([name, { forProviders }]) =>
        (Object.hasOwn(coreRoutes, name) || offered.has(name)) && (forProviders !== true || connects),
    ),
  );
};
