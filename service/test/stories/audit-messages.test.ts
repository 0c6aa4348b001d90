/**
 * A scheduled audit as its recipients get it: two whole tasks over one store, the real queue and senders, and stand-ins for SES and for
 * Slack at the other end.
 */
import { z } from 'zod';
import { jobsOf } from '../../src/jobs/port.ts';
import { createAudits } from '../../src/packs/tagging/audits/audits.ts';
import type { Service } from '../../src/start/assemble.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { openLocalReceivers } from '../rigs/receivers.ts';
import { openStandIn, type StandIn } from '../rigs/stand-in.ts';
import { assembleInMemory } from '../rigs/whole.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

let at = new Date('2026-11-20T12:00:00Z');
const now = () => at;
const tables = openMemoryTables({ now });
const jobs = jobsOf('tagging', { tables, now, wake: () => {} });
const audits = createAudits(tables, jobs, now);
let ses: StandIn;
let slack: StandIn;
let tasks: Service[];

const takes: Parameters<typeof openStandIn>[0] = (response) => void response.end('{"MessageId":"1"}');

beforeAll(async () => {
  [ses, slack] = await Promise.all([openStandIn(takes), openLocalReceivers(now, () => at.getTime())]);
  const channels = [
    { name: 'leads', topics: ['packs'], reads: ['tag:read'], slack: `${slack.url}/services/T/B/leads` },
    { name: 'finops', topics: ['waiting'], reads: ['tag:read'], mail: 'finops@example.com' },
  ];
  const variables = {
    ...{ TOOL_PACKS: 'tagging', SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'x', SSO_CLIENT_SECRET: 'y' },
    ...{ NOTICE_CHANNELS: JSON.stringify({ channels }), MAIL_FROM: 'no-reply@example.com' },
    ...{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: ses.url },
  };
  // One after the other: the first fills the sandbox.
  tasks = [await assembleInMemory(variables, tables, now), await assembleInMemory(variables, tables, now)];
  const expirationTime = at.getTime() / 1000 + 30 * 86_400;
  const vera = { personId: 'vera', name: 'Vera', email: 'vera@example.com', roles: ['viewer'] };
  await tables.put('people', { ...vera, signedInAt: at.toISOString(), expirationTime });
  const recipients = ['vera@example.com', 'finops@example.com', '#leads'];
  const terms = {
    schedule: 'daily',
    time: '09:00',
    timezone: 'Europe/Berlin',
    format: 'both',
    status: 'active',
  } as const;
  await audits.set('audit-1', { ...terms, recipients }, 'ada@example.com');
});
afterAll(async () => {
  for (const { packs, upstreams, notices } of tasks) {
    await notices.close();
    await packs.close();
    await upstreams.close();
  }
  ses.close();
  slack.close();
});

/** Both tasks look at the same moment, and again until nothing is left to do at this time. */
const workUntil = async (time: string): Promise<void> => {
  at = new Date(time);
  do {
    await Promise.all(tasks.map((task) => task.jobs.turn()));
    await Promise.all(tasks.map((task) => task.jobs.idle(30_000)));
  } while ((await Promise.all(['tagging', 'core'].map(ready))).flat().length > 0);
};
const ready = async (owner: string): Promise<string[]> => {
  const { items } = await jobsOf(owner, { tables, now, wake: () => {} }).list('waiting');
  return items.filter(({ notBefore }) => notBefore <= at).map(({ jobId }) => jobId);
};

const Mail = z.looseObject({
  Destination: z.object({ ToAddresses: z.tuple([z.string()]) }),
  Content: z.looseObject({
    Simple: z.looseObject({
      Subject: z.looseObject({ Data: z.string() }),
      Body: z.looseObject({ Text: z.looseObject({ Data: z.string() }) }),
    }),
  }),
});
const mails = () =>
  ses.asked
    .map(({ body }) => Mail.parse(JSON.parse(body)))
    .map(({ Destination, Content: { Simple } }) => ({
      to: Destination.ToAddresses[0],
      subject: Simple.Subject.Data,
      text: Simple.Body.Text.Data,
    }))
    .toSorted((a, b) => (a.to < b.to ? -1 : 1));

const toldTo = async (): Promise<string[]> => {
  const { items } = await (tasks[0] as Service).audit.query({ tool: 'notices', limit: 100 });
  return items.map(({ result, notificationsSent }) => `${result} ${notificationsSent}`).toSorted();
};

it('comes to each mailbox and channel once, at nine in its zone, although two tasks look for it', async () => {
  await workUntil('2026-11-21T07:59:59Z');
  expect([ses.asked, slack.asked]).toEqual([[], []]);
  await workUntil('2026-11-21T08:00:00Z');
  const subject = 'Compliance audit: 69.8%';
  expect(mails().map((mail) => [mail.to, mail.subject])).toEqual([
    ['finops@example.com', subject],
    ['vera@example.com', subject],
  ]);
  expect(slack.asked.map(({ target }) => target)).toEqual(['/services/T/B/leads']);
  for (const told of [mails()[0]?.text, mails()[1]?.text, slack.asked[0]?.body]) {
    expect(told).toContain('314 of 450 resources');
    expect(told).toContain('2026-11-22T09:00:00+01:00');
    expect(told).toContain('/compliance');
  }
  expect(await toldTo()).toEqual(['success mail #finops', 'success mail vera', 'success slack #leads']);
  expect(await audits.find('audit-1')).toMatchObject({ lastRun: { toldTo: 3, unreachable: [], missed: 0 } });
});

it('comes again a day later, and to a receiver that was away once it is back: still once', async () => {
  for (const there of [ses, slack]) there.asked.length = 0;
  const away: Parameters<typeof openStandIn>[0] = (response) => void response.writeHead(503).end();
  ses.answer(away);
  await workUntil('2026-11-22T08:00:00Z');
  expect([new Set(mails().map(({ to }) => to)).size, slack.asked.length]).toEqual([2, 1]);
  ses.answer(takes);
  for (const time of ['08:10', '08:30', '09:00', '12:00']) await workUntil(`2026-11-22T${time}:00Z`);
  expect(mails().map(({ to }) => to)).toEqual(['finops@example.com', 'vera@example.com']);
  expect(mails()[0]?.text).toContain('Since the last audit: none, from 69.8%');
  expect(slack.asked).toHaveLength(1);
});
