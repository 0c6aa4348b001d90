/** Requests that must reach the service: one or more a route, as clients, agents and browsers really send them. */
import { routes } from '../../contracts/routes.ts';
import type { WebRequest } from './request.ts';

export interface LegitimateRequest extends WebRequest {
  /** Who sends what. */
  readonly what: string;
}

const host = 'mcp.example.com';
const resource = `https://${host}${routes.mcp.path}`;
const token = `Bearer ${'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.'.padEnd(4000, 'Zm9v')}`;
const agent = { host, 'user-agent': 'claude-code/2.1.0 (cli)', accept: 'application/json, text/event-stream' };
const browser = {
  host,
  'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0',
  accept: 'text/html',
  cookie: `__Host-session=${'Zk9x'.repeat(11)}; __Host-visitor=${'b2Jq'.repeat(11)}`,
};
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const query = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const oauth = (end: string): string => routes.oauth.path.replace('*', end);

const get = (what: string, path: string, rest: Partial<WebRequest> = {}): LegitimateRequest => ({
  what,
  method: 'GET',
  path,
  headers: browser,
  ...rest,
});

const post = (what: string, path: string, fields: Readonly<Record<string, string>>): LegitimateRequest => ({
  what,
  method: 'POST',
  path,
  headers: { ...browser, ...form },
  body: query({ csrf: 'Zk9xYmFyYmF6'.repeat(4), ...fields }),
});

const tool = (what: string, name: string, args: unknown, path: string = routes.mcp.path): LegitimateRequest => ({
  what,
  method: 'POST',
  path,
  headers: {
    ...agent,
    ...json,
    authorization: token,
    'mcp-protocol-version': '2025-11-25',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  },
  body:
    path === routes.mcp.path
      ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } })
      : JSON.stringify({ tool: name, params: args }),
});

const redirects = {
  'Claude Code': 'http://localhost:54321/callback',
  'the Inspector': 'http://127.0.0.1:6274/oauth/callback',
  'mcp-remote on IPv6': 'http://[::1]:3334/oauth/callback',
  'Claude in the cloud': 'https://claude.ai/api/mcp/auth_callback',
  Cursor: 'cursor://anysphere.cursor-mcp/oauth/callback',
};

const register = (client: string, redirect_uri: string): LegitimateRequest => ({
  what: `${client} registers (RFC 7591)`,
  method: 'POST',
  path: oauth('register'),
  headers: { ...agent, ...json },
  body: JSON.stringify({
    client_name: client,
    redirect_uris: [redirect_uri],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  }),
});

const authorize = (client: string, redirect_uri: string, state = 'c3RhdGU'): LegitimateRequest =>
  get(`${client} asks for access`, oauth('authorize'), {
    query: query({
      response_type: 'code',
      client_id: 'https://client.example.com/oauth/metadata.json',
      redirect_uri,
      resource,
      scope: 'reports:read reports:write offline_access',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      state,
    }),
  });

const exchange = (client: string, redirect_uri: string): LegitimateRequest => ({
  what: `${client} takes its token`,
  method: 'POST',
  path: oauth('token'),
  headers: { ...agent, ...form },
  body: query({
    grant_type: 'authorization_code',
    code: 'Zk9x'.repeat(11),
    redirect_uri,
    client_id: 'Zk9x',
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    resource,
  }),
});

const without = (request: LegitimateRequest, header: string, what: string): LegitimateRequest => {
  const { [header]: _, ...headers } = request.headers;
  return { ...request, what, headers };
};

const oauthRequests = Object.entries(redirects).flatMap(([client, redirect]) => [
  register(client, redirect),
  authorize(client, redirect),
  exchange(client, redirect),
]);

const uid = 'Vd7T2b4qPz';
const longCode = 'M.C541_BL2.2.U.'.padEnd(2600, 'Zk9x');
const arn = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0';

const calls: readonly LegitimateRequest[] = [
  {
    what: 'a client begins',
    method: 'POST',
    path: routes.mcp.path,
    headers: { ...agent, ...json, authorization: token },
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } }),
  },
  get('a client listens', routes.mcp.path, { headers: { ...agent, authorization: token } }),
  {
    what: 'a client ends its session',
    method: 'DELETE',
    path: routes.mcp.path,
    headers: { ...agent, authorization: token },
  },
  tool('a tag with an ARN and a URL', 'change_many', {
    arns: [arn],
    tags: { Docs: 'https://wiki.example.com/a' },
  }),
  tool('text that reads like SQL', 'change_many', {
    tags: { Purpose: "select name from teams; -- it's or 1=1", Job: 'DROP TABLE staging' },
  }),
  tool('addresses of hosts and of this computer', 'change_many', {
    tags: { Dashboard: 'http://10.0.0.12:3000/d', Local: 'http://localhost:8080', Blocked: '169.254.169.254' },
  }),
  tool('paths and markup', 'update_ad', { headline: '<b>20 % off</b>', final_url_suffix: '../../sale' }),
  tool('a change of 30 KB', 'change_many', { arns: Array.from({ length: 450 }, () => arn), tags: {} }),
  without(tool('', 'list', {}), 'user-agent', 'a call without User-Agent'),
  ...['curl/8.9.1', 'python-httpx/0.28.1', 'node', 'Go-http-client/2.0', 'Claude-User', 'axios/1.12.0'].map((name) => ({
    ...tool(`a call from ${name}`, 'list', {}),
    headers: { ...agent, ...json, authorization: token, 'user-agent': name },
  })),
  tool('the REST facade runs a tool', 'change_many', { tags: { Local: 'http://127.0.0.1' } }, routes.executeTool.path),
  tool('the REST facade confirms', 'confirm', { operation_id: 'op_1' }, routes.confirmOperation.path),
  get('the REST facade lists tools', routes.listTools.path, { headers: { ...agent, authorization: token } }),
  get('the REST facade reads the log', routes.auditLogs.path, {
    headers: { ...agent, authorization: token },
    query: query({ from: '2026-11-01T00:00:00Z', limit: '100', cursor: 'eyJhIjoxfQ' }),
  }),
  get('a monitor asks the facade', routes.facadeHealth.path, { headers: { host, 'user-agent': 'kube-probe/1.31' } }),
];

const discovery: readonly LegitimateRequest[] = [
  ...[
    routes.resourceMetadata,
    routes.resourceMetadataForMcp,
    routes.authorizationServerMetadata,
    routes.openidMetadata,
  ].map(({ path }) => get(`a client reads ${path}`, path, { headers: agent })),
  without(
    get('', routes.resourceMetadata.path, { headers: agent }),
    'user-agent',
    'a client without User-Agent reads metadata',
  ),
  get('a monitor asks', routes.health.path, { headers: { host } }),
  get('a load balancer asks', routes.ready.path, { headers: { host, 'user-agent': 'ELB-HealthChecker/2.0' } }),
];

const pages: readonly LegitimateRequest[] = [
  authorize('a client with a long state', redirects['Claude Code'], 'Zk9x'.repeat(600)),
  without(exchange('', redirects['the Inspector']), 'user-agent', 'a client without User-Agent takes its token'),
  get('the home page', routes.home.path),
  get('the stylesheet', routes.stylesheet.path),
  get('the icon', routes.icon.path),
  get('sign-in that comes back to a page', routes.signIn.path, {
    query: query({ again: '1', return_to: routes.interaction.path.replace(':uid', uid) }),
  }),
  get('sign-in at the company', routes.signInAtProvider.path, { query: query({ return_to: '/approvals' }) }),
  get('the company sends somebody back', routes.signInCallback.path, {
    query: query({ code: longCode, state: 'Zk9x'.repeat(11), iss: 'https://login.example.com/tenant/v2.0' }),
  }),
  post('somebody signs out', routes.signOut.path, {}),
  get('the consent page', routes.interaction.path.replace(':uid', uid)),
  post('somebody consents', routes.consent.path.replace(':uid', uid), { decision: 'allow', scope: 'reports:write' }),
  get('the step-up page', routes.stepUp.path, { query: query({ client_id: 'Zk9x', scope: 'reports:write' }) }),
  post('somebody steps up', routes.raise.path, { client_id: 'Zk9x', scope: 'reports:write' }),
  get('connected apps', routes.apps.path),
  post('somebody disconnects an app', routes.disconnect.path.replace(':sessionId', 'Zk9x'), { person: 'p1' }),
  get('what waits', routes.approvals.path, { query: query({ cursor: 'eyJhIjoxfQ' }) }),
  get('one that waits', routes.approval.path.replace(':operationId', 'op_1')),
  post('an approver comments', routes.decide.path.replace(':operationId', 'op_1'), {
    decision: 'reject',
    comment: `See http://10.0.0.12/why, ../notes and <b>the plan</b>: you select too much from prod. ${'ß'.repeat(1900)}`,
  }),
  get('a search of what waits', routes.approvals.path, {
    query: query({ q: 'logs of arn:aws:s3:::orders', sort: 'expires' }),
  }),
  post('an approver denies several', routes.denySeveral.path, {
    comment: 'See http://10.0.0.12/why: not before the freeze <ends>.',
    ...{ operation: `op_${'0'.repeat(32)}`, q: '../logs' },
  }),
  get('the file of its changes', routes.operationChanges.path.replace(':operationId', 'op_1')),
  get('the Excel file of its changes', routes.operationWorkbook.path.replace(':operationId', 'op_1')),
  post('a revert is planned', routes.planRevert.path.replace(':operationId', 'op_1'), {
    comment: 'It broke http://localhost:8080/orders on the test machines; see ../runbooks.',
  }),
  get('the audit log', routes.audit.path, {
    query: query({ person: 'ana', account: '111122223333', tool: 'get_operation', from: '2026-11-01T00:00' }),
  }),
  post('an export of the audit log', routes.exportAudit.path, { format: 'ndjson', person: 'ana', to: '2026-12-01' }),
  get('jobs', routes.jobs.path, { query: query({ pack: 'core', cursor: 'eyJhIjoxfQ' }) }),
  post('a job that is tried again', routes.decideJob.path.replace(':jobId', 'f'.repeat(32)), { action: 'replay' }),
  get('access to accounts', routes.access.path),
  post('somebody asks for access', routes.requestAccess.path, {
    reason: 'The campaign of http://10.0.0.12/brief; see ../notes.',
    accounts: 'sc-domain:example.com',
  }),
  get('one request for access', routes.accessRequest.path.replace(':requestId', 'ar_1')),
  post('a manager decides it', routes.decideAccess.path.replace(':requestId', 'ar_1'), {
    decision: 'approve',
    note: 'Until the end of the campaign: http://localhost/plan.',
  }),
  get('who may act on an account', routes.accountAccess.path, {
    query: query({ api: 'search', account_id: 'https://www.example.com/' }),
  }),
  post('access is taken back', routes.revokeAccess.path, {
    ...{ person: 'ana', api: 'search', account_id: 'https://www.example.com/' },
    note: 'Left the team.',
  }),
  get('notices', routes.notices.path, { query: query({ done: 'saved', cursor: 'eyJhIjoxfQ' }) }),
  post('what somebody wants to be told', routes.chooseNotices.path, { waiting: 'mail', summaries: 'day' }),
  post('a message that is sent again', routes.replayNotice.path.replace(':jobId', 'f'.repeat(32)), {}),
  post('a channel that is told again', routes.resumeNotices.path, { channel: 'shared:leads' }),
  get('operations', routes.operations.path, { query: query({ list: 'asked', status: 'waiting' }) }),
  get('one operation', routes.operation.path.replace(':operationId', 'op_1')),
  get('a download link', routes.download.path, {
    query: query({ link: `eyJhbGciOiJIUzI1NiJ9.${'Zm9v'.repeat(300)}` }),
  }),
  get('compliance', routes.compliance.path),
  get('violations', routes.violations.path, {
    query: query({ type: 'ec2:instance', account: '111122223333', tag: 'aws:cloudformation:stack-name', page: '2' }),
  }),
  get('compliance over time', routes.complianceHistory.path, { query: query({ days: '90', period: 'week' }) }),
  get('exported files', routes.exports.path, { query: query({ page: '2' }) }),
  get('unattributed cost', routes.unattributedCost.path, { query: query({ by: 'resource_type' }) }),
  get('drift', routes.drift.path),
  get('scheduled audits', routes.audits.path),
  post('somebody asks for a scheduled audit', routes.scheduleAudit.path, {
    ...{ schedule_type: 'daily', time: '06:30', recipients: '#audits, ana@example.com' },
  }),
  post('a scheduled audit is paused', routes.changeAudit.path.replace(':scheduleId', 'sc_1'), { action: 'pause' }),
  get('the policy of tags', routes.taggingPolicy.path),
  get('the network', routes.network.path),
  get('the list of alerts', routes.alertList.path, {
    query: query({ status: 'firing', severity: '5', site: 'CZA0021' }),
  }),
  get('one alert', routes.alert.path.replace(':alertId', `${'0f'.repeat(16)}-2`)),
  get('who silenced what', routes.silences.path, { query: query({ site: 'CZA0021' }) }),
  get('where an alert would go', routes.routing.path, {
    query: query({ labels: 'severity=5\nelement_type=POWER_SYSTEM' }),
  }),
  get('the analysis of alarms', routes.analysis.path, {
    query: query({ sites: 'CZA0021, MSH0031 HRE0042', days: '30' }),
  }),
  get('budgets', routes.budgets.path, {
    query: query({ cursor: `2026-11-20T21:51:00.000Z~op_${'0f'.repeat(16)}` }),
  }),
];

/** Where a pack acts with people's own accounts. */
export const accountRequests: readonly LegitimateRequest[] = [
  post('somebody connects an account', routes.connectAccount.path.replace(':provider', 'office'), { part: 'letters' }),
  get('a provider sends somebody back', routes.accountConnected.path.replace(':provider', 'office'), {
    query: query({
      state: 'Zk9x'.repeat(11),
      code: longCode,
      iss: 'https://accounts.example.com',
      scope: 'email openid https://www.example.com/auth/userinfo.email https://www.example.com/auth/ads',
      authuser: '0',
      prompt: 'consent',
    }),
  }),
  post('somebody disconnects an account', routes.disconnectAccount.path.replace(':provider', 'office'), {
    person: 'p1',
  }),
];

const sent = (what: string, path: string, headers: Readonly<Record<string, string>>, body: unknown) => {
  const text = JSON.stringify(body);
  return {
    ...{ what, method: 'POST', path, body: text },
    headers: { host, 'content-type': 'application/json', 'content-length': String(text.length), ...headers },
  } satisfies LegitimateRequest;
};

const hostDown = {
  labels: { alertname: 'HostDown', instance: 'localhost:9100', severity: 'critical' },
  annotations: { summary: '<b>Host</b> is down; select the site, see http://10.0.0.12/runbooks/../down' },
};

/** What people write into forms of packs, and what senders post to their webhooks, where the pack is enabled. */
export const packRequests: readonly LegitimateRequest[] = [
  post('somebody acknowledges an alert', routes.actOnAlert.path.replace(':alertId', '0f'.repeat(16)), {
    comment: 'On our way: http://10.0.0.12/ticket; see ../runbooks.',
  }),
  post('somebody asks for a silence', routes.askSilence.path, {
    ...{ matchers: 'site_code=~"CZA.*"', comment: 'Works at the mast: http://10.0.0.12/plan; see ../notes.' },
  }),
  post('somebody ends a silence', routes.askSilenceEnd.path.replace(':silenceId', 'si_1'), {
    comment: 'Done sooner: http://10.0.0.12/plan.',
  }),
  sent(
    'Alertmanager posts 500 alerts',
    routes.alertmanagerPost.path,
    { 'user-agent': 'Alertmanager/0.28.1', authorization: token },
    { version: '4', groupKey: '{}', alerts: Array.from({ length: 500 }, () => hostDown) },
  ),
  sent(
    'SNS posts an alarm of CloudWatch',
    routes.cloudwatchPost.path,
    { 'user-agent': 'Amazon Simple Notification Service Agent', 'content-type': 'text/plain; charset=UTF-8' },
    { Type: 'Notification', Message: JSON.stringify({ NewStateReason: 'Threshold Crossed: 1 out of 1 > 5' }) },
  ),
  sent('a program without User-Agent posts alerts', routes.genericPost.path, {}, { alerts: [hostDown] }),
];

export const legitimateRequests: readonly LegitimateRequest[] = [...oauthRequests, ...discovery, ...calls, ...pages];
