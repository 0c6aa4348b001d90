import { createHash } from 'node:crypto';
import { originVerifyHeader } from '../contracts/gateway.ts';
import { openScene, request, type Scene, secretArn } from './testing/scene.ts';

const arn = secretArn('caller-api-keys');
const rule = { API_KEY_HEADER: 'x-platform-api-key', API_KEYS_SECRET: arn };
const [first, second, third] = ['first-key-0123456789', 'second-key-0123456789', 'third-key-0123456789'];

let scene: Scene;
let token: string;
beforeEach(async () => {
  scene = await openScene();
  token = await scene.token();
});
const with_ = (key?: string) =>
  request({ authorization: `Bearer ${token}`, ...(key !== undefined && { 'x-platform-api-key': key }) });
const rotate = (current: string, previous?: string) => scene.secrets.set(arn, JSON.stringify({ current, previous }));

describe('the caller’s API key', () => {
  it('must be there besides the token', async () => {
    rotate(first);
    const decide = scene.open(rule);
    expect(await decide(with_(first))).toMatchObject({ isAuthorized: true });
    for (const key of [
      undefined,
      '',
      'guess',
      `${first} `,
      `${first},${first}`,
      first.toUpperCase(),
      first.slice(0, -1),
    ])
      expect(await decide(with_(key))).toEqual({ isAuthorized: false });
    expect(new Set(scene.reasons)).toEqual(new Set(['api_key']));
  });

  it('may be either of two while they are rotated, and the older one ends with the next rotation', async () => {
    rotate(second, first);
    const decide = scene.open(rule);
    expect([await decide(with_(first)), await decide(with_(second))]).toMatchObject([
      { isAuthorized: true },
      { isAuthorized: true },
    ]);
    rotate(third, second);
    scene.advance(31_000);
    expect(await decide(with_(third))).toMatchObject({ isAuthorized: true });
    expect(await decide(with_(second))).toMatchObject({ isAuthorized: true });
    expect(await decide(with_(first))).toEqual({ isAuthorized: false });
  });

  it('is read once in five minutes, and for keys nobody knows once in half a minute', async () => {
    rotate(first);
    const decide = scene.open(rule);
    for (let call = 0; call < 5; call++) await decide(with_(first));
    expect(scene.read).toHaveLength(1);
    for (let call = 0; call < 5; call++) await decide(with_('guess'));
    expect(scene.read).toHaveLength(1);
    scene.advance(31_000);
    for (let call = 0; call < 5; call++) await decide(with_('guess'));
    expect(scene.read).toHaveLength(2);
    token = await scene.token();
    scene.advance(300_000);
    await decide(with_(first));
    expect(scene.read).toHaveLength(3);
  });

  it.each([
    ['there is none', undefined],
    ['it is no JSON', first],
    ['it is a list', JSON.stringify([first])],
    ['a key is empty', JSON.stringify({ current: '' })],
    ['a key is short', JSON.stringify({ current: 'short' })],
    ['a key holds a comma', JSON.stringify({ current: `${first},${second}` })],
    ['it holds something else', JSON.stringify({ current: first, next: second })],
  ])('denies all when %s, and tries again with the next request', async (_, text) => {
    if (text !== undefined) scene.secrets.set(arn, text);
    const decide = scene.open(rule);
    for (const key of [first, '', text ?? 'undefined'])
      expect(await decide(with_(key))).toEqual({ isAuthorized: false });
    expect(scene.reasons).toContain('secret_unreadable');
    rotate(first);
    expect(await decide(with_(first))).toMatchObject({ isAuthorized: true });
  });
});

describe('the secret of CloudFront', () => {
  const hash = (value: string) => createHash('sha256').update(value).digest('hex');
  const ask = (value?: string) =>
    scene.ask(
      request({ authorization: `Bearer ${token}`, ...(value !== undefined && { [originVerifyHeader]: value }) }),
      { ORIGIN_VERIFY_HASHES: JSON.stringify([hash(second), hash(first)]) },
    );

  it('keeps out who came past it, before the token is looked at', async () => {
    expect([await ask(first), await ask(second)]).toMatchObject([{ isAuthorized: true }, { isAuthorized: true }]);
    token = 'nothing';
    for (const value of [undefined, '', third, hash(first), `${first},${first}`])
      expect(await ask(value)).toEqual({ isAuthorized: false });
    expect(new Set(scene.reasons)).toEqual(new Set(['origin']));
  });
});
