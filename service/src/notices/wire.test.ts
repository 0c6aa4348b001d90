/** What is written for each channel is what its receiver takes, over the production senders. */
import { openReceivers, slackToken, webhookSecret } from '../../test/rigs/receivers.ts';
import type { NoticeAddresses, NoticeMessage } from '../ports/notify.ts';
import { openSenders } from '../senders/open.ts';
import { sendersOutlet } from './outlet.ts';
import { written } from './written/index.ts';

const telling = {
  type: 'operation.waiting',
  headline: 'A change waits for your answer',
  about: 'Set Owner="<!channel>" on 3 resources',
  facts: [{ label: 'Affects', value: '3 resources' }],
  link: { label: 'Read it and answer', href: 'https://mcp.example.com/approvals/op_1' },
  at: '2026-11-20T10:00:00.000Z',
};

it('a message is taken by Slack, as webhook and to a person, by a Workflow of Teams and by a signed webhook', async () => {
  const now = () => new Date();
  const there = await openReceivers(now);
  const { senders, close } = await openSenders({
    config: {
      ENVIRONMENT: 'dev',
      MAIL_FROM: undefined,
      MAIL_CONFIGURATION_SET: undefined,
      AWS_REGION: undefined,
      AWS_ENDPOINT_URL: undefined,
    },
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    ...{ now, guard: there.guard, slackApi: there.slackApi },
  });
  const outlet = sendersOutlet(senders);
  const about = { to: { shared: 'leads' }, since: now(), title: '' };
  const signal = AbortSignal.timeout(20_000);
  const message = <C extends 'slack' | 'teams' | 'webhook'>(channel: C): NoticeMessage<C> => ({
    id: `msg_${channel}`,
    body: written[channel](telling, 'https://mcp.example.com/notices'),
  });
  const toSlack = (address: NoticeAddresses['slack']) =>
    outlet.send({ ...about, channel: 'slack', message: message('slack'), address }, signal);
  try {
    const results = [
      await toSlack({ kind: 'incoming-webhook', url: `${there.url}/services/T/B/key` }),
      await toSlack({ kind: 'person', token: slackToken, email: 'ben@example.com' }),
      await outlet.send(
        {
          ...about,
          channel: 'teams',
          message: message('teams'),
          address: { url: `${there.url}/workflows/1?sig=teams-key` },
        },
        signal,
      ),
      await outlet.send(
        {
          ...about,
          channel: 'webhook',
          message: message('webhook'),
          address: { url: `${there.url}/hooks/a`, secrets: [webhookSecret] },
        },
        signal,
      ),
    ];
    expect(results).toEqual(Array(4).fill({ outcome: 'accepted' }));
    expect(JSON.stringify(there.asked)).toContain('&lt;!channel&gt;');
    expect([...outlet.channels].toSorted()).toEqual(['slack', 'teams', 'webhook']);
  } finally {
    await close();
    there.close();
  }
});
