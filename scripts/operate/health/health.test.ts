import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { repository, settingsOf } from '../../../modules/testing/synthesized.ts';
import { selfSigned } from '../../../service/test/rigs/self-signed.ts';
import { openOperated } from '../operated.ts';
import type { Check } from './check.ts';
import { checks } from './checks/all.ts';
import { judgeAlarms, judgeCertificate, judgeSecret } from './checks/around.ts';
import { judgeHandshake, metadataFault } from './checks/outside.ts';
import { judgeCounts, judgeWeights } from './checks/owned.ts';
import { judgeRecipients } from './checks/recipients.ts';
import { inService, judgeFunction, judgeGroup, judgeService, judgeTargets } from './checks/running.ts';
import { judgeBackup, judgeCache, judgeDatabase, judgeTable } from './checks/stores.ts';
import { examine, exitCodeOf, hindrance } from './examine.ts';
import { type Network, openNetwork } from './network.ts';
import { reportOf } from './report.ts';

const now = new Date('2026-11-21T12:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
const host = { root: repository, env: {}, out: () => {}, err: () => {}, ask: undefined };
const silent: Network = {
  resolve: async () => ['192.0.2.1'],
  handshake: async () => ({ fault: undefined, validTo: inDays(90) }),
  get: async () => ({ status: 200, body: '', milliseconds: 5 }),
};
const options = { network: silent, now, timeoutMs: 200 };

describe('an examination', () => {
  const check = (name: string, look: Check['look']): Check => ({ name, applies: () => true, look });

  it('lets no check stop another, whether it throws, hangs or may not look', async () => {
    const denied = Object.assign(new Error('User x is not authorized to perform: ecs:DescribeServices on y'), {
      name: 'AccessDeniedException',
    });
    const given = [
      check('throws', () => Promise.reject(new Error('a\n  b'))),
      check('hangs', () => new Promise(() => {})),
      check('denied', () => Promise.reject(denied)),
      check('well', async () => [{ subject: 's', verdict: 'ok', says: 'fine' }]),
    ];
    const findings = await examine(await openOperated(host, { environment: 'dev' }), { ...options, checks: given });
    expect(findings.map(({ check: name, verdict, says }) => [name, verdict, says])).toEqual([
      ['throws', 'unknown', 'Error: a b'],
      ['hangs', 'unknown', 'Error: no answer within 0.2 s'],
      ['denied', 'unknown', 'these credentials may not look: ask for ecs:DescribeServices'],
      ['well', 'ok', 'fine'],
    ]);
  });

  it('knows S3’s refusal of a HEAD by its status', () => {
    const error = Object.assign(new Error('UnknownError'), { name: '403', $metadata: { httpStatusCode: 403 } });
    expect(hindrance(error).says).toBe('these credentials may not look: ask for leave to read it');
  });

  it('looks at what is public when AWS cannot be asked', async () => {
    const operated = await openOperated(host, { environment: 'dev' });
    const findings = await examine(operated, { ...options, checks, withoutAws: 'no credentials' });
    expect(new Set(findings.map(({ check: name }) => name))).toEqual(new Set(['account', 'names', 'tls', 'answers']));
  });

  it('looks at every region', async () => {
    const operated = await openOperated(host, { environment: 'examples/market-data/dev' });
    const given = [check('one', async ({ deployment }) => [{ subject: deployment.region, verdict: 'ok', says: '' }])];
    const findings = await examine(operated, { ...options, checks: given });
    expect(findings.map(({ region }) => region)).toEqual(['eu-west-1', 'eu-west-2', 'us-east-1']);
    expect(reportOf('x', findings).split('\n')[2]).toMatch(/^verdict +check +region +what/);
  });

  it('ends with what is worst', () => {
    const finding = (verdict: 'ok' | 'attention' | 'broken' | 'unknown') => ({
      environment: 'e',
      region: 'r',
      check: 'c',
      subject: 's',
      verdict,
      says: '',
    });
    expect(exitCodeOf([finding('ok')])).toBe(0);
    expect(exitCodeOf([finding('ok'), finding('unknown')])).toBe(2);
    expect(exitCodeOf([finding('attention')])).toBe(2);
    expect(exitCodeOf([finding('attention'), finding('broken')])).toBe(1);
  });

  it.each([
    [
      'dev',
      'names,tls,answers,maintenance,targets,tasks,functions,images,tables,point in time,alarms,secrets,certificates,sign-in,state,anchors',
    ],
    [
      'prod',
      'names,tls,answers,maintenance,cutover,targets,tasks,functions,images,counts,weights,database,cache,backups,alarms,secrets,certificates,sign-in,distribution,state,anchors,recipients',
    ],
    [
      'examples/startup/prod',
      'names,tls,answers,cutover,functions,tables,point in time,backups,alarms,secrets,certificates,sign-in,distribution,state,anchors,recipients',
    ],
    [
      'examples/startup/staging',
      'names,tls,answers,maintenance,cutover,targets,instances,counts,database,alarms,secrets,certificates,sign-in,state,anchors',
    ],
    ['examples/market-data/weekend', 'answers,maintenance,targets,tasks,images,counts,alarms,secrets,state'],
  ])('of %s looks at what is there', async (environment, expected) => {
    const { deployments } = await openOperated(host, { environment });
    const applying = checks.filter(({ applies }) => deployments.some(applies)).map(({ name }) => name);
    expect(applying.join(',')).toBe(expected);
  });
});

describe('the network', () => {
  const name = 'mcp.example.com';
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const portOf = async (server: Server): Promise<number> => {
    open.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  it('looks at a certificate that nobody trusts, and says why', async () => {
    const { key, cert } = selfSigned(name);
    const port = await portOf(createServer({ key, cert }, (_, response) => response.end('hello')));
    const route = () => ({ host: '127.0.0.1', port });
    const stranger = openNetwork({ timeoutMs: 2000, route });
    expect(await stranger.handshake(name)).toMatchObject({ fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect(stranger.get(`https://${name}/health`)).rejects.toThrow('self-signed certificate');
    const friend = openNetwork({ timeoutMs: 2000, route, ca: cert });
    const met = await friend.handshake(name);
    expect(met.fault).toBeUndefined();
    expect(Math.abs(met.validTo.getTime() - Date.now())).toBeLessThan(2 * 3_600_000);
    expect((await friend.handshake('other.example.com')).fault).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await friend.get(`https://${name}/health`)).toMatchObject({ status: 200, body: 'hello' });
  });

  it('asks a region by its own address under the common name', async () => {
    const port = await portOf(createPlainServer((request, response) => response.end(request.headers.host)));
    const asked: string[] = [];
    const network = openNetwork({
      timeoutMs: 2000,
      route: (at) => {
        asked.push(at);
        return { host: '127.0.0.1', port };
      },
    });
    expect(await network.get(`http://${name}/health`, 'balancer.eu-west-2')).toMatchObject({ body: name });
    expect(asked).toEqual(['balancer.eu-west-2']);
  });

  it('waits no longer than it is told', async () => {
    const port = await portOf(createPlainServer(() => {}));
    await expect(openNetwork({ timeoutMs: 100 }).get(`http://127.0.0.1:${port}/`)).rejects.toThrow('none within 0.1 s');
  });
});

describe('verdicts', () => {
  it.each([
    [{ fault: undefined, validTo: inDays(60) }, 'ok', 'valid for 60 days'],
    [{ fault: undefined, validTo: inDays(20) }, 'attention', 'should have been renewed'],
    [{ fault: undefined, validTo: inDays(3) }, 'broken', 'not being renewed'],
    [{ fault: 'CERT_HAS_EXPIRED', validTo: inDays(-2) }, 'broken', 'expired 2 days ago'],
    [{ fault: 'ERR_TLS_CERT_ALTNAME_INVALID', validTo: inDays(60) }, 'broken', 'not trusted: ERR_TLS'],
  ])('on TLS: %j is %s', (handshake, verdict, says) => {
    expect(judgeHandshake('h', handshake, now)).toMatchObject({ verdict, says: expect.stringContaining(says) });
  });

  it('on metadata: the resource must be what clients ask for', () => {
    const body = JSON.stringify({ resource: 'https://a/mcp', authorization_servers: ['https://a'] });
    expect(metadataFault(body, 'https://a/mcp')).toBeUndefined();
    expect(metadataFault(body, 'https://b/mcp')).toBe('names the resource https://a/mcp, not https://b/mcp');
    expect(metadataFault('<html>', 'https://a/mcp')).toBe('is no protected-resource metadata');
  });

  it('on tasks: none of those wanted is broken, with the last events', () => {
    const events = ['one', 'two', 'three', 'four'].map((message) => ({ message }));
    const service = { serviceName: 's', runningCount: 0, desiredCount: 2, pendingCount: 1, events };
    expect(judgeService(service)).toMatchObject({
      verdict: 'broken',
      says: '0 of 2 tasks run, 1 are starting; one; two; three',
    });
    expect(judgeService({ ...service, runningCount: 1 }).verdict).toBe('attention');
    expect(judgeService({ ...service, runningCount: 2, pendingCount: 0 })).toMatchObject({
      verdict: 'ok',
      says: '2 of 2 tasks run',
    });
    expect(judgeService({ serviceName: 's', desiredCount: 0 }).verdict).toBe('ok');
    const failed = [{ rolloutState: 'FAILED' as const, rolloutStateReason: 'circuit breaker' }];
    expect(judgeService({ ...service, runningCount: 2, deployments: failed })).toMatchObject({
      verdict: 'attention',
      says: expect.stringContaining('the last deployment failed: circuit breaker'),
    });
  });

  it('on instances: those in service count', () => {
    const Instances = [
      { LifecycleState: 'InService' as const, HealthStatus: 'Healthy' },
      { LifecycleState: 'Pending' as const },
    ];
    const group = { AutoScalingGroupName: 'g', DesiredCapacity: 2, Instances } as Parameters<typeof judgeGroup>[0];
    expect(judgeGroup(group)).toMatchObject({ verdict: 'attention', says: '1 of 2 instances are in service' });
    expect(judgeGroup({ ...group, Instances: [] }).verdict).toBe('broken');
    expect(judgeGroup({ ...group, DesiredCapacity: 0, Instances: [] }).verdict).toBe('ok');
  });

  it('on functions: stopped, failed, asleep', () => {
    expect(judgeFunction('f', { State: 'Active', Version: '3' }, undefined)).toMatchObject({ verdict: 'ok' });
    expect(judgeFunction('f', { State: 'Inactive' }, undefined).verdict).toBe('ok');
    expect(judgeFunction('f', { State: 'Active' }, 0)).toMatchObject({ verdict: 'broken' });
    expect(judgeFunction('f', { State: 'Failed', StateReason: 'no image' }, 5).says).toBe('is Failed: no image');
    expect(judgeFunction('f', { State: 'Active', LastUpdateStatus: 'Failed' }, 5).verdict).toBe('attention');
  });

  it('on targets: only of a group that takes traffic they matter', () => {
    const target = (State: 'healthy' | 'unhealthy' | 'draining') => ({
      TargetHealth: { State, Description: `is ${State}` },
    });
    expect(judgeTargets('g', [target('unhealthy')], true)).toMatchObject({
      verdict: 'broken',
      says: expect.stringContaining('is unhealthy'),
    });
    expect(judgeTargets('g', [target('unhealthy')], false).verdict).toBe('ok');
    expect(judgeTargets('g', [target('healthy'), target('unhealthy')], true).verdict).toBe('attention');
    expect(judgeTargets('g', [target('healthy'), target('draining')], true)).toMatchObject({
      verdict: 'ok',
      says: '1 of 1 targets are healthy',
    });
    expect(judgeTargets('g', [], true).verdict).toBe('broken');
  });

  it('on weights: a preview is no traffic, and neither is weight 0', () => {
    const forward = (...groups: [string, number][]) => [
      {
        Type: 'forward' as const,
        ForwardConfig: { TargetGroups: groups.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })) },
      },
    ];
    const preview = {
      Field: 'http-header',
      HttpHeaderConfig: { HttpHeaderName: 'x-mcp-preview', Values: ['green:*'] },
    };
    const rules = [
      { Actions: forward(['green', 1]), Conditions: [preview] },
      { Actions: forward(['blue', 100], ['green', 0]), Conditions: [] },
    ];
    expect([...inService(rules, [{ Type: 'fixed-response' }])]).toEqual(['blue']);
    expect([...inService([], [{ Type: 'forward', TargetGroupArn: 'blue' }])]).toEqual(['blue']);
  });

  it('on weights that are not those of active_colour, with the call that changes them', async () => {
    const { settings } = await openOperated(host, { environment: 'prod' });
    const weights = (blue: number, green: number) => [
      { colour: 'blue', arn: 'arn-of-blue', weight: blue },
      { colour: 'green', arn: 'arn-of-green', weight: green },
    ];
    expect(judgeWeights(settings, 'rule', weights(100, 0))).toMatchObject({
      verdict: 'ok',
      says: expect.stringMatching(
        /^blue 100, green 0, as active_colour says. To shift: npm run cutover .* by hand: aws elbv2 modify-rule --rule-arn rule/,
      ),
    });
    expect(judgeWeights(settings, 'rule', weights(0, 100))).toMatchObject({
      verdict: 'attention',
      says: expect.stringContaining('blue 0, green 100; active_colour is blue, which no deployment brings about'),
    });
    expect(judgeWeights(settings, 'rule', weights(50, 50)).verdict).toBe('attention');
  });

  it('on counts of an environment that only operators scale', async () => {
    const { settings } = await openOperated(host, { environment: 'staging' });
    expect(judgeCounts('s', settings, 'blue', { desired: 3 }).verdict).toBe('ok');
    expect(judgeCounts('s', settings, 'blue', { desired: 5 })).toMatchObject({
      verdict: 'attention',
      says: expect.stringContaining('5 asked for; the settings say 3, which no deployment brings about'),
    });
    expect(judgeCounts('s', settings, 'green', { desired: 3 }).verdict).toBe('ok');
  });

  it('on stores', () => {
    expect(judgeTable('t', { TableStatus: 'ACTIVE' }).verdict).toBe('ok');
    expect(judgeTable('t', { TableStatus: 'ARCHIVED' }).verdict).toBe('broken');
    const index = { IndexName: 'i', IndexStatus: 'CREATING' as const };
    expect(judgeTable('t', { TableStatus: 'UPDATING', GlobalSecondaryIndexes: [index] }).verdict).toBe('attention');
    const database = {
      DBInstanceIdentifier: 'd',
      DBInstanceStatus: 'available',
      LatestRestorableTime: new Date(now.getTime() - 300_000),
    };
    expect(judgeDatabase(database, now, false)).toMatchObject({
      verdict: 'ok',
      says: 'is available, and can be restored to 5 minutes ago',
    });
    const PendingModifiedValues = { DBInstanceClass: 'db.t4g.small' };
    const pending = { ...database, PendingModifiedValues, PreferredMaintenanceWindow: 'sun:07:00-sun:08:00' };
    expect(judgeDatabase(pending, now, false)).toMatchObject({
      verdict: 'ok',
      says: expect.stringMatching(
        /; waits for the maintenance window sun:07:00-sun:08:00: DBInstanceClass db.t4g.small$/,
      ),
    });
    expect(judgeDatabase({ ...database, LatestRestorableTime: inDays(-1) }, now, false).verdict).toBe('attention');
    expect(judgeDatabase({ ...database, DBInstanceStatus: 'storage-full' }, now, false).verdict).toBe('broken');
    expect(judgeDatabase({ ...database, DBInstanceStatus: 'stopped' }, now, true).verdict).toBe('ok');
    expect(judgeDatabase({ ...database, DBInstanceStatus: 'stopped' }, now, false).verdict).toBe('broken');
    expect(judgeCache({ Status: 'available', AuthTokenEnabled: true }).verdict).toBe('ok');
    expect(judgeCache({ Status: 'available' })).toMatchObject({
      verdict: 'attention',
      says: expect.stringContaining('no token'),
    });
    expect(judgeCache({ Status: 'create-failed', AuthTokenEnabled: true }).verdict).toBe('broken');
    expect(judgeBackup('v', undefined, now).verdict).toBe('attention');
    expect(judgeBackup('v', inDays(-1), now).verdict).toBe('ok');
    expect(judgeBackup('v', inDays(-2), now).verdict).toBe('broken');
  });

  it('on secrets, certificates and alarms', () => {
    expect(judgeSecret('s', undefined, 90, now).says).toContain('does not exist');
    expect(judgeSecret('s', { since: undefined }, 90, now)).toMatchObject({
      verdict: 'broken',
      says: expect.stringContaining('has no value'),
    });
    expect(judgeSecret('s', { since: inDays(-91) }, 90, now).verdict).toBe('attention');
    expect(judgeSecret('s', { since: inDays(-91) }, undefined, now).verdict).toBe('ok');
    const ResourceRecord = { Name: '_x.mcp.', Type: 'CNAME' as const, Value: '_y.acm.' };
    const waiting = [{ DomainName: 'mcp', ValidationStatus: 'PENDING_VALIDATION' as const, ResourceRecord }];
    expect(judgeCertificate('c', { Status: 'PENDING_VALIDATION', DomainValidationOptions: waiting })).toMatchObject({
      verdict: 'broken',
      says: 'waits for its validation: its zone needs _x.mcp. CNAME _y.acm.',
    });
    expect(judgeCertificate('c', { Status: 'ISSUED' }).verdict).toBe('ok');
    expect(judgeCertificate('c', { Status: 'EXPIRED' }).verdict).toBe('broken');
    const alarm = {
      AlarmName: 'p-errors',
      StateValue: 'ALARM' as const,
      StateReason: 'crossed',
      AlarmDescription: 'Errors.',
    };
    expect(judgeAlarms('p', [alarm, { AlarmName: 'p-cpu', StateValue: 'OK' }])).toEqual([
      { subject: 'p-errors', verdict: 'broken', says: 'crossed Errors.' },
    ]);
    expect(judgeAlarms('p', [{ StateValue: 'OK', ActionsEnabled: false }]).map(({ verdict }) => verdict)).toEqual([
      'attention',
      'ok',
    ]);
    expect(judgeAlarms('p', [])[0]?.verdict).toBe('attention');
  });

  it('of topics wants somebody who is told', async () => {
    const [settings] = await settingsOf('prod', { security_emails: [] });
    if (settings === undefined) throw new Error('prod has no region');
    expect(judgeRecipients(settings)).toEqual([
      { subject: 'topic ops', verdict: 'ok', says: '2 told of errors, latency and capacity' },
      {
        subject: 'topic security',
        verdict: 'attention',
        says: 'nobody is told of refused sign-ins and GuardDuty’s findings: give security_emails or security_webhooks',
      },
      { subject: 'topic admin', verdict: 'ok', says: '1 told of costs' },
    ]);
    const uncounted = { ...settings, budget_usd: undefined, cost_anomaly_usd: undefined };
    expect(judgeRecipients(uncounted).map(({ subject }) => subject)).not.toContain('topic admin');
  });
});
