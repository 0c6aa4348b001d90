/** A pack that has one of every member, beside tagging, alone and off: from the consent to the webhook. */

import '../rigs/letters/contract.ts';

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigError, parseConfig } from '../../src/config.ts';
import { welcome } from '../../src/start/welcome.ts';
import { signatureOf, webhookKeys } from '../../src/webhook-signature.ts';
import { textOn } from '../rigs/browser.ts';
import { FirstAgent, ModernAgent, refusal } from '../rigs/clients.ts';
import { contract, letters } from '../rigs/letters/contract.ts';
import { nothingSeen, openLetters } from '../rigs/letters/open.ts';
import { all, parseMarkup } from '../rigs/markup.ts';
import { Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { openStandIn, type StandIn } from '../rigs/stand-in.ts';
import { freePort } from '../servers/server.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const environment = {
  LETTERS_MOST: '5',
  LETTERS_WEBHOOK_SECRET: secret,
  LETTERS_TOKEN: 'stamp-of-the-office',
};
const Asked = z.object({ operation_id: z.string(), status: z.string() });
const Metadata = z.object({ scopes_supported: z.array(z.string()) });
const ofLetters = Object.keys(contract.scopes);

let seen = nothingSeen();
let service: ServiceRig;
let post: StandIn;
beforeAll(async () => {
  post = await openStandIn((response) => response.end('{"number":7}'));
});
afterAll(() => post.close());
const serve = async (packs: string): Promise<void> => {
  seen = nothingSeen();
  service = await startService({
    environment: {
      ...environment,
      LETTERS_URL: `${post.url}/v2`,
      METRICS_PORT: String(await freePort()),
      TOOL_PACKS: packs,
    },
    overrides: { packs: { [letters]: openLetters(seen) } },
  });
};
const json = async (path: string): Promise<unknown> => (await fetch(service.url + path)).json();
const offered = async (): Promise<string[]> =>
  Metadata.parse(await json('/.well-known/oauth-authorization-server')).scopes_supported;

const deliver = async (id: string, key = webhookKeys(secret, 'LETTERS_WEBHOOK_SECRET')): Promise<number> => {
  const body = JSON.stringify({ to: 'grace' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(key, { id, timestamp }, Buffer.from(body)),
  };
  return (await fetch(`${service.url}/webhooks/letters`, { method: 'POST', body, headers })).status;
};

describe('beside tagging', () => {
  const [ana, ben] = [new Person('ana'), new Person('ben')];
  let agent: ModernAgent;
  let sent: string;
  beforeAll(async () => {
    await serve('tagging,letters');
    agent = await ModernAgent.connect(service.url, ana);
  });
  afterAll(async () => {
    await agent.close();
    await service.stop();
    expect([seen.closed, service.faults()]).toEqual([true, []]);
  });
  const change = async (by: Promise<unknown>): Promise<string> => {
    const { operation_id, status } = Asked.parse(await by);
    expect(status).toBe('awaiting-countersign');
    await ben.answer(`${service.url}/approvals/${operation_id}`, 'approve');
    return operation_id;
  };

  it('its scopes are offered, and the first sign-in reads only', async () => {
    expect(await offered()).toEqual(expect.arrayContaining([...ofLetters, 'tag:read']));
    expect(agent.host.asked[0]?.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['letters:read', 'tag:read']),
    );
    expect(agent.host.asked[0]?.searchParams.get('scope')).not.toContain('letters:write');
  });

  it('a change steps up, is planned, countersigned and applied', async () => {
    sent = await change(agent.call('send_letter', { to: 'ada', text: 'Come' }));
    expect(agent.host.asked.at(-1)?.searchParams.get('scope')).toContain('letters:write');
    expect(await agent.call('list_letters')).toEqual({ letters: [['ada', 'Come']] });
    const page = await ana.open(`${service.url}/letters`);
    expect(textOn(page)).toContain('ada: Come');
    await ana.browser.submit(page, { note: 'Thank her' });
    expect(seen.notes).toEqual(['ada: Thank her']);
  });

  it('its upstream was called with the key, which no line of the log has, and was counted', async () => {
    expect(post.asked).toEqual([
      expect.objectContaining({
        method: 'PUT',
        target: '/v2/letters/ada',
        headers: expect.objectContaining({ authorization: 'Bearer stamp-of-the-office' }),
        body: '{"text":"Come"}',
      }),
    ]);
    expect(seen.posted).toEqual([7]);
    expect(service.log.join('\n')).not.toContain('stamp-of-the-office');
    expect(await (await fetch(`http://127.0.0.1:${service.config.METRICS_PORT}/metrics`)).text()).toContain(
      'countersign_upstream_calls_total{service="letters-post",outcome="ok"} 1',
    );
  });

  it('its file is downloaded by a link that people with its scope follow', async () => {
    const [link] = all(parseMarkup((await ana.open(`${service.url}/letters`)).body), 'a', {}).flatMap(
      ({ attributes }) => (attributes.href?.startsWith(`${service.url}/download`) ? [attributes.href] : []),
    );
    expect((await ana.open(link ?? '')).body).toBe('To,Text\r\nada,Come\r\n');
    expect((await fetch(link ?? '', { redirect: 'manual' })).headers.get('location')).toContain('/sign-in');
  });

  it('its record names its account and its tool', async () => {
    const { records } = z
      .object({ records: z.array(z.looseObject({ tool: z.string(), action: z.string() })) })
      .parse(await agent.call('get_audit_log', { operation_id: sent }));
    expect(records.map(({ tool, action }) => [tool, action])).toContainEqual(['send_letter', 'write']);
  });

  it('an act steps up and is done at once, by MCP and by the facade, each on record before and after', async () => {
    const reader = await ModernAgent.connect(service.url, ana);
    const rest = async (params: object) => {
      const headers = {
        authorization: `Bearer ${reader.host.tokens()?.access_token}`,
        'content-type': 'application/json',
      };
      const body = JSON.stringify({ tool: 'mark_letter', params });
      return fetch(`${service.url}/mcp/execute-tool`, { method: 'POST', headers, body });
    };
    const refused = await rest({ to: 'ada' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('letters:write');
    expect(await reader.call('mark_letter', { to: 'ada', dry_run: true })).toMatchObject({
      would_answer: { marked: 1 },
    });
    expect(seen.marked).toEqual([]);
    expect(await reader.call('mark_letter', { to: 'ada' })).toEqual({ marked: 1 });
    expect(await (await rest({ to: 'bob' })).json()).toMatchObject({ result: { marked: 2 } });
    expect(seen.marked).toEqual(['ada', 'bob']);
    const text = z.string();
    const Records = z.array(z.object({ tool: text, action: text, result: text, correlationId: text }));
    const { records: log } = await reader.call('get_audit_log');
    await reader.close();
    const records = Records.parse(log).filter(({ tool }) => tool === 'mark_letter');
    const told = records.map(({ action, result }) => `${action} ${result}`).toReversed();
    const done = ['write started', 'write success'];
    expect(told).toEqual(['dry-run success', ...done, ...done]);
    const of = records.filter(({ action }) => action === 'write').map(({ correlationId }) => correlationId);
    expect(of).toEqual([of[0], of[0], of[2], of[2]]);
  });

  it('is reverted like any other change', async () => {
    await change(agent.call('rollback_operation', { operation_id: sent }));
    expect(await agent.call('list_letters')).toEqual({ letters: [] });
  });

  it('takes its signed webhook, once', async () => {
    expect(await deliver('m1')).toBe(204);
    expect(await deliver('m1')).toBe(204);
    expect(await deliver('m2', [Buffer.alloc(32, 6)])).toBe(401);
    expect(seen.delivered).toEqual(['grace']);
  });

  it('tells its facts and its health, and the job of its message is done, once', async () => {
    expect(await json('/health')).toMatchObject({
      letters_most: 5,
      stores: { 'letters-post': 'ok' },
    });
    for (let looks = 0; seen.turns === 0 && looks < 100; looks += 1) await sleep(50);
    expect(seen.turns).toBe(1);
  });

  it('has the holders of its scope told, and nobody twice', async () => {
    const ada = new Person('ada');
    const told = async () =>
      (await ada.open(`${service.url}/notices/sent`)).body.match(/<h2>A letter was delivered: grace/g)?.length ?? 0;
    for (let looks = 0; (await told()) < 7 && looks < 100; looks += 1) await sleep(50);
    // Five demo people hold it; of the shared channels of the sandbox, one on Teams and a mailbox are told of packs.
    expect(await told()).toBe(7);
  });

  it('tells a model what the pack says of itself', async () => {
    expect(agent.client.getInstructions()).toContain('Letters cannot be called back');
  });

  it('tells a newcomer what to ask of it', () => {
    expect(welcome(service.config)).toContain('"Which letters were sent?"');
    expect(welcome({ ...service.config, TOOL_PACKS: ['tagging'] })).not.toContain('Letters');
  });
});

describe('the upstream it acts on', () => {
  const refused = (variables: Readonly<Record<string, string>>): string => {
    try {
      parseConfig({ TOOL_PACKS: 'letters', ...variables });
      return 'taken';
    } catch (error) {
      return error instanceof ConfigError ? error.message : String(error);
    }
  };
  const company = { SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'countersign' };

  it('is the sandbox on a machine of one’s own, and the real one with what that needs', () => {
    expect(refused({})).toBe('taken');
    expect(refused({ LETTERS: 'post' })).toContain('LETTERS_TOKEN is required with LETTERS=post');
    expect(refused({ LETTERS: 'post', LETTERS_TOKEN: 't' })).toContain('SSO_ISSUER is required with LETTERS=post');
    expect(refused({ LETTERS: 'post', LETTERS_TOKEN: 't', ...company })).toBe('taken');
  });

  it('is nobody’s concern while the pack is off', () => {
    expect(refused({ TOOL_PACKS: 'tagging', LETTERS: 'post' })).toBe('taken');
  });
});

describe('alone', () => {
  let agent: FirstAgent;
  beforeAll(async () => {
    await serve('letters');
    agent = await FirstAgent.connect(service.url, new Person('ana'));
  });
  afterAll(async () => {
    await agent.close();
    await service.stop();
  });

  it('nothing of tagging is offered', async () => {
    expect(await offered()).not.toContain('tag:read');
    expect((await agent.tools()).filter((tool) => /tag/.test(tool))).toEqual([]);
    expect((await fetch(`${service.url}/compliance`, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect(await agent.call('list_letters')).toEqual({ letters: [] });
  });
});

describe('off', () => {
  beforeAll(() => serve('tagging'));
  afterAll(() => service.stop());

  it('it is offered nowhere', async () => {
    expect((await offered()).filter((scope) => ofLetters.includes(scope))).toEqual([]);
    expect(await deliver('m3')).toBe(404);
    expect((await fetch(`${service.url}/letters`, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect(await json('/health')).not.toHaveProperty('letters_most');
    const agent = await FirstAgent.connect(service.url, new Person('ana'));
    expect(await agent.tools()).not.toContain('list_letters');
    expect(
      await refusal(agent.call('list_letters').catch(() => Promise.reject(new Error('no such tool')))).catch(String),
    ).toContain('no such tool');
    await agent.close();
  });
});
