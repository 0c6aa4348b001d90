/** Behind an API Gateway: who its authorizer says is calling goes into the audit log, if it is the gateway that says it. */
import { callerHeaders } from '../../../contracts/gateway.ts';
import type { AuditRecord } from '../../src/audit/record.ts';
import { Untagged } from '../rigs/answers.ts';
import { RestClient } from '../rigs/rest.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

const link = '10.0.11.7';
const facts = { agency: 'Agency Zürich', role: 'analyst', employeeId: 'EMP-10042' };

let service: ServiceRig;
let client: RestClient;
beforeAll(async () => {
  service = await startService({
    // The tests call over loopback, which stands for the load balancer.
    environment: { TRUSTED_PROXIES: '127.0.0.1,::1,10.0.0.0/16', AUTHORIZER_CONTEXT_FROM: '10.0.11.0/24' },
  });
  client = await RestClient.connect(service.url, 'ana', 'tag:read tag:write');
});
afterAll(async () => {
  await service.stop();
  expect(service.faults()).toEqual([]);
});

/** Sends a request as it would come out of the load balancer, and answers the records that it led to. */
const recordsOf = async (chain: string, path: string, body: unknown): Promise<AuditRecord[]> => {
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${client.tokens.access_token}`,
      'x-forwarded-for': chain,
      [callerHeaders.userId]: 'ana@example.com',
      [callerHeaders.agency]: encodeURIComponent(facts.agency),
      [callerHeaders.role]: facts.role,
      [callerHeaders.employeeId]: facts.employeeId,
    },
  });
  await response.arrayBuffer();
  return (await service.running.audit.query({ correlationId: String(response.headers.get('x-request-id')) })).items;
};
const gatewayIn = (records: readonly AuditRecord[]) =>
  records.map(({ summary }) =>
    typeof summary === 'object' && summary !== null && 'gateway' in summary ? summary.gateway : undefined,
  );
const execute = (tool: string, params = {}) => ({ tool, params });

describe('the facade’s audit records', () => {
  it('carry agency, role and employee id of a call that came through the gateway', async () => {
    const records = await recordsOf(link, '/mcp/execute-tool', execute('get_tagging_policy'));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ userId: 'ana', tool: 'get_tagging_policy', result: 'success' });
    expect(gatewayIn(records)).toEqual([{ userId: 'ana@example.com', ...facts }]);
  });

  it('carry them when it is refused, and in the record of a planned change', async () => {
    const refused = await recordsOf(link, '/mcp/execute-tool', execute('check_tag_compliance', { nonsense: 1 }));
    const lacking = await recordsOf(link, '/mcp/execute-tool', execute('approve_bulk_tagging_request'));
    expect([...refused, ...lacking].map(({ result }) => result)).toEqual(['failure', 'blocked']);
    const { body } = await client.execute('find_untagged_resources', { limit: 1 });
    const [resource] = Untagged.parse(body.result).resources;
    const change = { resource_arns: [resource?.arn], tags: { Owner: 'platform@example.com' }, reason: 'audit' };
    const planned = await recordsOf(link, '/mcp/execute-tool', execute('bulk_tag_resources', change));
    expect(planned.map(({ action, result }) => [action, result])).toContainEqual(['plan', 'success']);
    const all = [...refused, ...lacking, ...planned];
    expect(gatewayIn(all)).toEqual(all.map(() => expect.objectContaining(facts)));
  });

  it.each([
    ['from outside', '198.51.100.1'],
    ['from outside, in the name of the gateway', `${link}, 198.51.100.1`],
    ['through CloudFront in the same subnets', `198.51.100.1, ${link}`],
  ])('do not carry them when the same headers come %s', async (_, chain) => {
    const records = await recordsOf(chain, '/mcp/execute-tool', execute('get_tagging_policy'));
    expect(records).toHaveLength(1);
    expect(gatewayIn(records)).toEqual([undefined]);
  });
});
