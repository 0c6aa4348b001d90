import { repository } from '../../../modules/testing/synthesized.ts';
import type { Host } from '../../platform/command.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { parseValues } from '../../platform/variables.ts';
import { openOperated } from '../operated.ts';
import { type Creating, createSecrets } from './create.ts';
import { listSecrets } from './list.ts';
import type { Ports } from './ports.ts';
import { type Rotating, rotateSecret } from './rotate.ts';
import type { Held, Vault } from './vault.ts';
import { faultOf, wantedValues } from './wanted.ts';

const now = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

interface Stored {
  text: string;
  since?: Date;
}

/** Secrets by `<region> <name>`, as Terraform left them. */
const stand = (stored: Readonly<Record<string, string | undefined>>) => {
  const held = new Map<string, Stored>(
    Object.entries(stored).map(([at, text]) => [at, text === undefined ? { text: '' } : { text, since: daysAgo(40) }]),
  );
  const cache: string[] = [];
  const restarted: string[] = [];
  const shown: string[] = [];
  const state = { address: 'cache.example:6379' as string | undefined, steady: true };
  const vault = (region: string): Vault => {
    const at = (name: string) => held.get(`${region} ${name}`);
    return {
      region,
      tell: async (name) => at(name) && { since: at(name)?.since },
      read: async (name): Promise<Held | undefined> => {
        const found = at(name);
        return found && { text: found.text, versionId: found.since && 'v' };
      },
      write: async (name, text) => {
        if (at(name) === undefined) throw new Error(`no shell of ${name}`);
        held.set(`${region} ${name}`, { text, since: now });
      },
      make: async (name, text) => {
        if (at(name) !== undefined) throw new Error(`${name} is there`);
        held.set(`${region} ${name}`, { text, since: now });
      },
      close: () => {},
    };
  };
  const ports: Ports = {
    vault: ({ region }) => vault(region),
    cacheTokens: () => ({
      address: async () => state.address,
      change: async (strategy, token) => {
        cache.push(`${strategy} ${token}`);
      },
      close: () => {},
    }),
    restart: async ({ region }) => {
      restarted.push(region);
      return { what: ['service'], steady: async () => state.steady };
    },
  };
  const host: Host = {
    root: repository,
    env: {},
    out: (line) => shown.push(line),
    err: (line) => shown.push(line),
    ask: undefined,
  };
  return { ports, host, held, cache, restarted, shown, state, text: (at: string) => held.get(at)?.text ?? '' };
};
type Stand = ReturnType<typeof stand>;

const usual = { name: undefined, key: undefined, generate: false, dryRun: false, restart: true };
const create = async (
  environment: string,
  { host, ports }: Stand,
  how: Partial<Creating> = {},
  hand: Partial<Host> = {},
) => createSecrets({ ...host, ...hand }, await openOperated(host, { environment }), ports, { ...usual, ...how });
const rotate = async (environment: string, { host, ports }: Stand, how: Partial<Rotating>, hand: Partial<Host> = {}) =>
  rotateSecret({ ...host, ...hand }, await openOperated(host, { environment }), ports, {
    ...usual,
    retire: false,
    yes: false,
    ...how,
  });

const prod = 'us-east-1 countersign/prod';
const emptyProd = { [`${prod}/encryption-keys`]: undefined, [`${prod}/cache-credentials`]: undefined };
const random = /^[A-Za-z0-9_-]{64}$/;

describe('secrets create', () => {
  it('makes the headers before anything is deployed, and says what waits', async () => {
    const stood = stand({});
    expect(await create('prod', stood)).toBe(2);
    expect([...stood.held.keys()]).toEqual([`${prod}/origin-verify`, `${prod}/preview`]);
    expect(parseValues(stood.text(`${prod}/preview`))).toEqual([expect.stringMatching(random)]);
    expect(stood.shown.join('\n')).toContain('encryption-keys:encryption_key: waits for its secret');
    expect(stood.restarted).toEqual([]);
  });

  it('keeps them in the primary region, where plans read them', async () => {
    const [primary] = (await openOperated(stand({}).host, { environment: 'prod' })).deployments;
    if (primary === undefined) throw new Error('no region');
    const names = (deployment: typeof primary) => wantedValues(deployment).map(({ secret }) => secret);
    expect(names(primary)).toEqual(['origin-verify', 'preview', 'encryption-keys', 'cache-credentials']);
    expect(names({ ...primary, primary: false })).toEqual(['encryption-keys', 'cache-credentials']);
  });

  it('fills the rest after the deployment, gives the cache its token, and restarts', async () => {
    const stood = stand(emptyProd);
    expect(await create('prod', stood)).toBe(0);
    const { encryption_key: key } = JSON.parse(stood.text(`${prod}/encryption-keys`)) as Record<string, string>;
    expect(key).toMatch(random);
    const { url } = JSON.parse(stood.text(`${prod}/cache-credentials`)) as Record<string, string>;
    const token = /^rediss:\/\/:([\w-]{64})@cache\.example:6379$/.exec(url ?? '')?.[1];
    expect(stood.cache).toEqual([`rotate ${token}`, `set ${token}`]);
    expect(stood.restarted).toEqual(['us-east-1']);
  });

  it('changes nothing the second time', async () => {
    const stood = stand(emptyProd);
    await create('prod', stood);
    const before = new Map(stood.held);
    expect(await create('prod', stood)).toBe(0);
    expect(stood.held).toEqual(before);
    expect(stood.restarted).toEqual(['us-east-1']);
  });

  it('shows no value, whatever it does', async () => {
    const stood = stand(emptyProd);
    await create('prod', stood);
    await rotate('prod', stood, { name: 'origin-verify' });
    await rotate('prod', stood, { name: 'encryption-keys', yes: true });
    const values = [...stood.held.values()].flatMap(({ text }) => text.match(/[\w-]{64}/g) ?? []);
    expect(values).toHaveLength(5);
    for (const value of values) expect(stood.shown.join('\n')).not.toContain(value);
  });

  it('only says what it would do with --dry-run', async () => {
    const stood = stand(emptyProd);
    const before = new Map(stood.held);
    await create('prod', stood, { dryRun: true });
    expect(stood.held).toEqual(before);
    expect(stood.cache).toEqual([]);
    expect(stood.shown).toContain('origin-verify: would be generated in us-east-1');
  });

  it('copies to a region that was added, and asks for nothing', async () => {
    const at = (region: string) => `${region} my-app/dev/app`;
    const stood = stand({
      [at('eu-west-1')]: '{"API_KEY":"given","more":"1"}',
      [at('eu-west-2')]: undefined,
      [at('us-east-1')]: undefined,
    });
    expect(await create('examples/market-data/dev', stood)).toBe(0);
    expect(stood.text(at('eu-west-2'))).toBe('{"API_KEY":"given"}');
    expect(stood.restarted).toEqual(['eu-west-2', 'us-east-1']);
  });

  const sso = 'us-east-1 finops/mcp/oauth-credentials';
  const governance = {
    [sso]: undefined,
    'us-east-1 finops/mcp/encryption-keys': '{"encryption_key":"k"}',
    'us-east-1 finops/mcp/cache-credentials': '{"url":"u"}',
    'us-east-1 finops/mcp/preview': '{"current":"c"}',
  };

  it('asks for what is somebody else’s, without showing it', async () => {
    const stood = stand(governance);
    const asked: string[] = [];
    const askHidden = async (question: string) => {
      asked.push(question);
      return 'from-the-provider';
    };
    expect(await create('examples/tag-governance/prod', stood, {}, { askHidden })).toBe(0);
    expect(asked).toEqual([
      'Value of oauth-credentials:client_secret (SSO_CLIENT_SECRET), not shown; nothing to leave it: ',
    ]);
    expect(stood.text(sso)).toBe('{"client_secret":"from-the-provider"}');
  });

  it('takes it from standard input, without the line’s end', async () => {
    const stood = stand(governance);
    const how = { name: 'oauth-credentials', key: 'client_secret' };
    await create('examples/tag-governance/prod', stood, how, { input: async () => 'piped \n' });
    expect(stood.text(sso)).toBe('{"client_secret":"piped "}');
  });

  it('reads no standard input that it was not told about, and leaves the value for later', async () => {
    const stood = stand(governance);
    const input = async (): Promise<string> => {
      throw new Error('read');
    };
    expect(await create('examples/tag-governance/prod', stood, {}, { input })).toBe(2);
    expect(stood.shown.at(-1)).toContain('Without a value: oauth-credentials:client_secret.');
  });

  it('refuses to overwrite, and names what it does not know', async () => {
    const stood = stand({ ...governance, [sso]: '{"client_secret":"x"}' });
    const environment = 'examples/tag-governance/prod';
    await expect(create(environment, stood, { name: 'oauth-credentials' })).rejects.toThrow('secrets -- rotate');
    await expect(create(environment, stood, { name: 'oauth' })).rejects.toThrow(
      'The environment has no secret oauth; did you mean oauth-credentials:client_secret? It has preview, encryption-keys:encryption_key',
    );
  });

  it('restarts what has its values also when a later step fails', async () => {
    const stood = stand(emptyProd);
    const failing: Ports = {
      ...stood.ports,
      cacheTokens: () => ({
        address: async () => 'cache.example:6379',
        change: async () => {
          throw new OperatorProblem('The cache did not take a token');
        },
        close: () => {},
      }),
    };
    await expect(create('prod', { ...stood, ports: failing })).rejects.toThrow('did not take a token');
    expect(stood.restarted).toEqual(['us-east-1']);
    expect(stood.text(`${prod}/cache-credentials`)).toBe('');
  });
});

describe('secrets rotate', () => {
  const marketing = {
    'us-east-1 marketing-mcp/caller-api-keys': '{"current":"key-before-this-one","previous":"older-than-that-one"}',
  };

  it('keeps a caller’s key, which nothing is restarted for', async () => {
    const stood = stand(marketing);
    expect(await rotate('examples/marketing/dev', stood, { name: 'caller-api-keys' })).toBe(0);
    expect(JSON.parse(stood.text('us-east-1 marketing-mcp/caller-api-keys'))).toEqual({
      current: expect.stringMatching(random),
      previous: 'key-before-this-one',
    });
    expect(stood.restarted).toEqual([]);
  });

  it('ends the one before when told', async () => {
    const stood = stand(marketing);
    await rotate('examples/marketing/dev', stood, { name: 'caller-api-keys', retire: true });
    expect(stood.text('us-east-1 marketing-mcp/caller-api-keys')).toBe('{"current":"key-before-this-one"}');
  });

  it('puts a new key that seals before those that still open, and leaves the newest alone when told', async () => {
    const old = 'k'.repeat(40);
    const name = `${prod}/encryption-keys`;
    const stood = stand({ [name]: JSON.stringify({ encryption_key: 'other', credentials_keys: old }) });
    const operated = await openOperated(stood.host, { environment: 'prod' });
    const connecting = operated.deployments.map((deployment) => ({
      ...deployment,
      settings: {
        ...deployment.settings,
        container_secrets: { CREDENTIALS_KEYS: 'encryption-keys:credentials_keys' },
      },
    }));
    const how = { ...usual, name: 'encryption-keys', key: 'credentials_keys', yes: false };
    const turn = (retire: boolean) =>
      rotateSecret(stood.host, { ...operated, deployments: connecting }, stood.ports, { ...how, retire });
    const keys = () => (JSON.parse(stood.text(name)) as Record<string, string>).credentials_keys?.split(',') ?? [];
    expect(await turn(false)).toBe(0);
    expect(keys()).toEqual([expect.stringMatching(random), old]);
    const [newest] = keys();
    expect(await turn(true)).toBe(0);
    expect([keys(), JSON.parse(stood.text(name)).encryption_key]).toEqual([[newest], 'other']);
    expect(stood.restarted).toEqual(['us-east-1', 'us-east-1']);
  });

  it.each([
    ['alertmanager_token', 't'.repeat(40), random],
    ['webhook_secret', `whsec_${'a'.repeat(32)}`, /^whsec_[A-Za-z0-9+/]{43}=$/],
  ])('puts a new %s before the one that senders still have, until told', async (key, old, form) => {
    const name = 'us-east-1 alert-engine/dev/alerts';
    const stood = stand({ [name]: JSON.stringify({ [key]: old }) });
    const values = () => (JSON.parse(stood.text(name)) as Record<string, string>)[key]?.split(' ') ?? [];
    expect(await rotate('examples/alerts/dev', stood, { name: 'alerts', key })).toBe(0);
    const [newest] = values();
    expect(values()).toEqual([expect.stringMatching(form), old]);
    expect(await rotate('examples/alerts/dev', stood, { name: 'alerts', key, retire: true })).toBe(0);
    expect(values()).toEqual([newest]);
  });

  const cached = { [`${prod}/cache-credentials`]: '{"url":"rediss://:old@cache.example:6379","more":"1"}' };

  it('adds the cache’s token, restarts, and only then ends the one before', async () => {
    const stood = stand(cached);
    expect(await rotate('prod', stood, { name: 'cache-credentials' })).toBe(0);
    const held = JSON.parse(stood.text(`${prod}/cache-credentials`)) as Record<string, string>;
    expect(held).toEqual({ url: expect.stringMatching(/^rediss:\/\/:[\w-]{64}@cache/), more: '1' });
    const token = new URL(held.url ?? '').password;
    expect(stood.cache).toEqual([`rotate ${token}`, `set ${token}`]);
    expect(stood.restarted).toEqual(['us-east-1']);
  });

  it('leaves the cache’s old token where tasks do not come up, says so, and ends it later', async () => {
    const stood = stand(cached);
    stood.state.steady = false;
    expect(await rotate('prod', stood, { name: 'cache-credentials' })).toBe(2);
    expect(stood.cache).toHaveLength(1);
    const { ports, host } = stood;
    const [row] = (await listSecrets(await openOperated(host, { environment: 'prod' }), ports, now)).filter(
      ({ key }) => key === 'url',
    );
    expect(row?.remarks).toEqual(['the token before is accepted too: rotate --retire']);
    expect(await rotate('prod', stood, { name: 'cache-credentials', retire: true })).toBe(0);
    expect(stood.cache[1]).toBe(stood.cache[0]?.replace('rotate', 'set'));
    expect(stood.text(`${prod}/cache-credentials`)).not.toContain('old_token');
  });

  const keyed = { [`${prod}/encryption-keys`]: '{"encryption_key":"before"}' };

  it('says what a new encryption key breaks, and changes nothing without consent', async () => {
    const stood = stand(keyed);
    const how = { name: 'encryption-keys' };
    await expect(rotate('prod', stood, how)).rejects.toThrow('pass --yes');
    await expect(rotate('prod', stood, how, { ask: async () => 'yes' })).rejects.toThrow('Nothing was changed.');
    expect(stood.text(`${prod}/encryption-keys`)).toBe('{"encryption_key":"before"}');
    expect(await rotate('prod', stood, how, { ask: async () => 'prod' })).toBe(0);
    expect(stood.text(`${prod}/encryption-keys`)).not.toContain('before');
    expect(stood.shown.join('\n')).toContain('signs everybody out');
  });

  it('refuses a value that the service would not start with, without repeating it', async () => {
    const stood = stand({ [`${prod}/encryption-keys`]: undefined });
    const operated = await openOperated(stood.host, { environment: 'prod' });
    const [deployment] = operated.deployments;
    if (deployment === undefined) throw new Error('no region');
    const fault = faultOf(deployment, { secret: 'e', key: 'k', source: 'asked', readBy: ['REDIS_URL'] }, 'hunter2');
    expect(fault).toBe('must be like redis://host:6379, or rediss:// for TLS');
  });

  it('wants one by name, with a value to rotate', async () => {
    const stood = stand({ [`${prod}/encryption-keys`]: undefined });
    await expect(rotate('prod', stood, {})).rejects.toThrow(
      'Rotate one at a time: --name origin-verify, or --name preview',
    );
    await expect(rotate('prod', stood, { name: 'encryption-keys' })).rejects.toThrow('has no value yet');
  });
});

describe('secrets list', () => {
  it('tells what is missing, and what is older than it should be', async () => {
    const stood = stand({
      'us-east-1 marketing-mcp/crux-api-key': '{"api_key":"a"}',
      'us-east-1 marketing-mcp/google-client-secret': undefined,
    });
    const operated = await openOperated(stood.host, { environment: 'examples/marketing/dev' });
    const later = new Date(now.getTime() + 60 * 86_400_000);
    const rows = await listSecrets(operated, stood.ports, later);
    const brief = new Map(rows.map(({ secret, state, days, remarks }) => [secret, { state, days, remarks }]));
    const remarks = ['older than 90 days: rotate it'];
    expect(brief.get('marketing-mcp/crux-api-key')).toEqual({ state: 'there', days: 100, remarks });
    expect(brief.get('marketing-mcp/google-client-secret')).toEqual({ state: 'empty', days: undefined, remarks: [] });
    expect(brief.get('marketing-mcp/encryption-keys')).toEqual({ state: 'no secret', days: undefined, remarks: [] });
  });
});
