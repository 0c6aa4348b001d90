/** The first story of the alerts pack: a sender posts, and an agent reads it back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { routes } from '../../../contracts/routes.ts';
import { signatureOf, webhookKeys } from '../../../service/src/webhook-signature.ts';
import { ModernAgent } from '../../../service/test/rigs/clients.ts';
import { Employee } from './employee.ts';
import type { Standing } from './standing.ts';
import type { Told } from './story.ts';

const secretOf = ({ served }: Standing, variable: string): string => {
  const value = served?.workload.variables[variable];
  if (value === undefined) throw new Error(`${variable} is not injected`);
  return value;
};

const post = async (origin: string, path: string, headers: Readonly<Record<string, string>>, body: unknown) => {
  const answer = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return answer.status;
};

/** As Alertmanager does, with the token of its webhook. */
const fromAlertmanager = (origin: string, token: string) =>
  post(
    origin,
    routes.alertmanagerPost.path,
    { authorization: `Bearer ${token}` },
    {
      ...{ version: '4', groupKey: '{}' },
      alerts: [
        {
          ...{ status: 'firing', annotations: {}, startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z' },
          labels: { alertname: 'MainsFailure', severity: 'critical', site_code: 'CZA0021' },
        },
      ],
    },
  );

const signed = (origin: string, secret: string) => {
  const message = { alerts: [{ name: 'LinkDown', site_code: 'CZA0021', element_type: 'TRANSMISSION' }] };
  const id = 'msg_1';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const keys = webhookKeys(secret, 'ALERT_WEBHOOK_SECRET');
  const signature = signatureOf(keys, { id, timestamp }, Buffer.from(JSON.stringify(message)));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return post(origin, routes.genericPost.path, headers, message);
};

interface Listed {
  readonly alerts: readonly { readonly name: string; readonly site_code: string; readonly severity: number }[];
}

/** Only senders with the token or the key of the stack's own secret are heard; what they post is in the stack's bucket. */
export const tellAlerts = async (standing: Standing): Promise<Told> => {
  const { origin } = standing;
  const token = secretOf(standing, 'ALERTMANAGER_TOKEN');
  const agent = await ModernAgent.connect(origin, new Employee('ana'));
  try {
    const { scope, access_token = '' } = agent.host.tokens() ?? {};
    expect(scope).toBe('alerts:read');
    expect(await agent.call('list_alerts')).toMatchObject({ alerts: [] });
    expect(await fromAlertmanager(origin, 'x'.repeat(40))).toBe(401);
    expect(await fromAlertmanager(origin, token)).toBe(204);
    expect(await signed(origin, secretOf(standing, 'ALERT_WEBHOOK_SECRET'))).toBe(204);
    // Nobody named a topic.
    expect(await post(origin, routes.cloudwatchPost.path, {}, {})).toBe(404);
    let seen: Listed = { alerts: [] };
    // Posts of five seconds are applied together. An agent that asks the same again and again is stopped, so the limit changes.
    for (let limit = 21; limit < 61 && seen.alerts.length < 2; limit += 1) {
      await sleep(500);
      seen = (await agent.call('list_alerts', { limit })) as unknown as Listed;
    }
    expect(seen.alerts.map(({ name, site_code, severity }) => [name, site_code, severity])).toEqual([
      ['MainsFailure', 'CZA0021', 5],
      ['LinkDown', 'CZA0021', 2],
    ]);
    expect(standing.output()).not.toContain(token);
    return { token: access_token };
  } finally {
    await agent.close();
  }
};
