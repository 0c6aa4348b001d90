import type { Telling } from '../telling.ts';
import { outsideLine } from '../telling.ts';
import { written } from './index.ts';
import { slackText } from './slack.ts';

const settings = 'https://mcp.example.com/notices';
const telling = (over: Partial<Telling> = {}): Telling => ({
  type: 'operation.waiting',
  headline: 'A change waits for your answer',
  about: 'Tag 3 resources with "Owner"',
  facts: [
    { label: 'Asked by', value: 'Ana the analyst' },
    { label: 'Affects', value: '3 resources' },
  ],
  link: { label: 'Read it and answer', href: 'https://mcp.example.com/approvals/op_1' },
  at: '2026-11-20T10:00:00.000Z',
  ...over,
});
const channels = ['mail', 'slack', 'teams', 'webhook'] as const;

describe('a notice', () => {
  it.each(channels)('by %s has summary, counts, and one link, which is to the page', (channel) => {
    const body = JSON.stringify(written[channel](telling(), settings));
    for (const part of ['A change waits for your answer', 'Tag 3 resources', '3 resources', 'Ana the analyst'])
      expect(body).toContain(part);
    const links = new Set(body.match(/https?:\/\/[^\s"\\<]+/g));
    links.delete('http://adaptivecards.io/schemas/adaptive-card.json');
    links.delete(settings);
    expect([...links]).toEqual(['https://mcp.example.com/approvals/op_1']);
  });

  it.each(channels)('by %s without text from outside has none, and no empty quotation', (channel) => {
    const { about: _none, ...rest } = telling();
    const body = JSON.stringify(written[channel](rest, settings));
    expect(body).not.toMatch(/undefined|blockquote|emphasis/);
  });
});

describe('text from outside', () => {
  it('mentions nobody in Slack', () => {
    expect(slackText('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
    const body = JSON.stringify(written.slack(telling({ about: '<!channel>' }), settings));
    expect(body).toContain('&lt;!channel&gt;');
    expect(body).not.toContain('<!channel>');
  });

  it('is no markup in Slack: only our own words are mrkdwn', () => {
    const { blocks } = written.slack(telling({ about: '*bold* <https://evil.example|click>' }), settings);
    expect(blocks).toContainEqual({
      type: 'section',
      text: { type: 'plain_text', text: '*bold* &lt;https://evil.example|click&gt;', emoji: false },
    });
    expect(JSON.stringify(blocks).match(/mrkdwn/g)).toHaveLength(1);
  });

  it('is no markup in a mail, and cannot end its subject', () => {
    const { subject, html, text } = written.mail(
      telling({ about: outsideLine('<img src=x onerror=alert(1)>\r\nBcc: all@example.com') }),
      settings,
    );
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x');
    for (const line of [subject, text.split('\n').find((each) => each.startsWith('>'))]) {
      expect(line).toContain('Bcc');
      expect(line).not.toMatch(/[\r\n]/);
    }
  });

  it('is no Markdown in Teams', () => {
    const { attachments } = written.teams(telling({ about: '[click](https://evil.example)' }), settings);
    expect(JSON.stringify(attachments)).not.toContain('"TextBlock"');
    expect(attachments).toMatchObject([
      { content: { body: expect.arrayContaining([expect.objectContaining({ style: 'emphasis' })]) } },
    ]);
  });

  it('is named as such in a webhook', () => {
    expect(written.webhook(telling(), settings)).toMatchObject({
      type: 'operation.waiting',
      timestamp: '2026-11-20T10:00:00.000Z',
      data: { url: 'https://mcp.example.com/approvals/op_1', untrusted_text: ['data.about', 'data.facts[].value'] },
    });
  });

  it('keeps no secret, and says what cannot be seen', () => {
    expect(outsideLine('token=abcdef123456 Bearer abcdef123456')).not.toContain('abcdef123456');
    expect(outsideLine('a\u202eb')).toBe('a\\u{202e}b');
    expect([...outsideLine('x'.repeat(10_000))]).toHaveLength(257);
  });
});

describe('what channels take', () => {
  const long = telling({
    about: '&'.repeat(5000),
    facts: Array.from({ length: 30 }, (_, index) => ({ label: `Fact ${index}`, value: '<'.repeat(3000) })),
    link: { label: 'x'.repeat(200), href: 'https://mcp.example.com/approvals/op_1' },
  });

  it('is never more than Slack’s limits, and no entity is cut in half', () => {
    const { text, blocks } = written.slack(long, settings) as { text: string; blocks: Record<string, unknown>[] };
    const texts = JSON.stringify(blocks).match(/"text":"[^"]*"/g) ?? [];
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { fields } of blocks) if (Array.isArray(fields)) expect(fields.length).toBeLessThanOrEqual(10);
    expect(text.length).toBeLessThanOrEqual(3001);
    for (const each of texts) expect(each.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/&/);
    const lengthOf = (value: unknown): number => JSON.stringify(value).length;
    expect(Math.max(...texts.map((each) => each.length - '"text":""'.length))).toBeLessThanOrEqual(3000);
    expect(lengthOf(blocks.at(-1))).toBeLessThan(300);
  });

  it('is a subject that mail programs show', () => {
    expect([...written.mail(long, settings).subject].length).toBeLessThanOrEqual(150);
  });
});
