/** The smoke test against a version of the service with one fault at a time. */
import type { SmokeFailed } from '../ports.ts';
import { sampleRun } from '../sample.ts';
import { versionOf } from './open.ts';
import { goodManners, type Manners, serveManners } from './server.ts';
import { openSmoke, type SmokeParts } from './smoke.ts';
import type { Target } from './target.ts';

const resource = 'https://mcp.example.com/mcp';
const secret = 's'.repeat(40);
const image = 'registry.example.com/service:v2.0.0';
const run = sampleRun({ saved: { green: { desired: 0, schedules: {}, image } } });

describe('the smoke test', () => {
  let manners: Manners;
  let server: Awaited<ReturnType<typeof serveManners>>;
  beforeEach(async () => {
    manners = goodManners(resource);
    server = await serveManners(manners);
  });
  afterEach(() => server.close());

  const smoke = (parts: Partial<SmokeParts> = {}, target: Partial<Target> = {}) =>
    openSmoke({
      target: async () => ({ url: server.url, secret, healthPath: '/ready', token: 'token', ...target }),
      own: true,
      resource,
      say: () => {},
      ...parts,
    });

  it('proves all of a good version but the plan of a change, which it says', async () => {
    expect(await smoke().prove(run)).toEqual([
      'the plan of a change: list_pending_operations was tried; name a change with --try',
    ]);
    const trial = { name: 'tag', arguments: { arn: 'arn:1' } };
    const called: unknown[] = [];
    const { call } = manners;
    manners.call = (name, args) => {
      called.push([name, args]);
      return call(name, args);
    };
    expect(await smoke({ trial }).prove(run)).toEqual([]);
    expect(called).toEqual([
      ['list_pending_operations', {}],
      ['tag', { arn: 'arn:1', dry_run: true }],
    ]);
  });

  it.each<[what: string, arrange: () => void, says: RegExp]>([
    ['another version', () => (manners.version = '1.9.0'), /version 1\.9\.0, not 2\.0\.0/],
    ['the other colour', () => (manners.colour = 'blue'), /led to blue, not to green/],
    ['a store that is away', () => (manners.status = 'unhealthy'), /unhealthy/],
    ['metadata of another address', () => (manners.resource = 'https://other.example.com/mcp'), /names the resource/],
    ['a 401 without its challenge', () => (manners.challenge = {}), /without a WWW-Authenticate: Bearer/],
    ['no tools', () => (manners.tools = []), /tools\/list/],
    [
      'a read that fails',
      () => (manners.call = () => ({ isError: true, content: [{ type: 'text', text: 'no such table' }] })),
      /list_pending_operations failed: no such table/,
    ],
    [
      'a dry run that is none',
      () => (manners.call = () => ({ content: [], structuredContent: { operations: [] } })),
      /did not answer a dry run as one/,
    ],
  ])('fails on %s', async (_, arrange, says) => {
    arrange();
    const failed: SmokeFailed = await smoke()
      .prove(run)
      .then(
        () => {
          throw new Error('it passed');
        },
        (error) => error,
      );
    expect(failed.message).toMatch(says);
    expect(failed.name).toBe('SmokeFailed');
  });

  it('finds no fault with a version where the shell has no token', async () => {
    await expect(smoke({}, { token: undefined }).prove(run)).rejects.toMatchObject({
      name: 'OperatorProblem',
      message: expect.stringContaining('COUNTERSIGN_SMOKE_TOKEN: set it, then resume'),
    });
  });

  it('takes the challenge under the name that API Gateway gives it', async () => {
    manners.challenge = { 'x-amzn-remapped-www-authenticate': 'Bearer x' };
    await smoke().prove(run);
  });

  it('says what it does not prove: the colour, the version, calls that nobody can sign in for', async () => {
    manners.colour = undefined;
    const digest = { green: { desired: 0, schedules: {}, image: `service@sha256:${'0'.repeat(64)}` } };
    expect(await smoke().prove({ ...run, calls: false, saved: digest })).toEqual([
      'that it was green which answered: /health names no colour',
      'which version it is: the image has no version in its name, /health says 2.0.0',
      'initialize, tools/list, a read and a dry run: it was begun with --without-calls',
    ]);
  });

  it('asks a container that is not ours for its health alone', async () => {
    const paths: (string | undefined)[] = [];
    manners.seen = ({ url }) => paths.push(url);
    expect(await smoke({ own: false }).prove(run)).toHaveLength(1);
    expect(paths).toEqual(['/ready']);
  });

  it('counts the calls that were answered, and names no secret when nothing answers', async () => {
    expect(await smoke().knock(run, 20)).toBe(20);
    const { close, url } = await serveManners(manners);
    await close();
    expect(await smoke({}, { url }).knock(run, 3)).toBe(0);
    const failed: Error = await smoke({}, { url })
      .prove(run)
      .then(
        () => {
          throw new Error('it passed');
        },
        (error) => error,
      );
    expect(failed.message).toMatch(/\/health of green does not answer/);
    expect(failed.message).not.toContain(secret);
  });
});

it.each([
  ['registry.example.com/a/service:v2.0.0', '2.0.0'],
  ['service:2.1.0-rc.1', '2.1.0-rc.1'],
  ['registry.example.com:5000/service:abc1234', undefined],
  [`service@sha256:${'0'.repeat(64)}`, undefined],
])('the version of %s is %s', (image_, version) => {
  expect(versionOf(image_)).toBe(version);
});
