/** Posts of an Alertmanager about forty cells: three of each, the last of which ends every other one. */
import type { FastifyInstance } from 'fastify';

export const alertToken = 'a-token-of-the-test-that-is-long-enough';
const CELLS = 40;
const began = '2026-05-01T10:00:00.000Z';

const cell = (nth: number, ends: boolean) => ({
  status: ends ? 'resolved' : 'firing',
  labels: { alertname: 'CellOut', severity: 'critical', site_code: 'CZA0021', instance: `cell-${nth}` },
  annotations: {},
  startsAt: began,
  endsAt: ends ? '2026-05-01T10:30:00Z' : '0001-01-01T00:00:00Z',
});
const postOf = (ends: (nth: number) => boolean) => ({
  version: '4',
  groupKey: '{}',
  alerts: Array.from({ length: CELLS }, (_, nth) => cell(nth, ends(nth))),
});

export const alertPosts = [postOf(() => false), postOf(() => false), postOf((nth) => nth % 2 === 0)];

/** As its sender posts them. @throws where they are not taken */
export const postAlerts = async (app: FastifyInstance, payload: object): Promise<void> => {
  const answer = await app.inject({
    method: 'POST',
    url: '/webhooks/alerts/alertmanager',
    headers: { authorization: `Bearer ${alertToken}` },
    payload,
  });
  if (answer.statusCode !== 204) throw new Error(`answered ${answer.statusCode}: ${answer.body}`);
};
