import type { KoaContextWithOIDC } from 'oidc-provider';
import { secretDigest } from '../digest.ts';
import { answers, consentedHere, interactions, signedInHere } from './interaction.ts';

const now = new Date('2026-11-20T10:00:00Z');
const at = now.getTime() / 1000;
const path = '/interaction/uid-1';
const session = (age: number, purpose = '/') => ({ authenticatedAt: at - age, purposeHash: secretDigest(purpose) });

describe('whether a sign-in answers an authorization', () => {
  it.each([
    ['an old one, for reading', session(28_000), { scope: 'tag:read' }, true],
    ['one of a second ago, for more', session(1), { scope: 'tag:read tag:write' }, false],
    ['one made for another request, for more', session(0, '/interaction/uid-2'), { scope: 'admin' }, false],
    ['one made for this, for more', session(30, path), { scope: 'tag:approve' }, true],
    [
      'an old one, where the client asks for a new one',
      session(1),
      { scope: 'tag:read', prompt: 'login consent' },
      false,
    ],
    ['one made for this, where the client asks for a new one', session(9, path), { prompt: 'login' }, true],
    ['one within max_age', session(60), { scope: 'tag:read', max_age: 60 }, true],
    ['one past max_age', session(61), { scope: 'tag:read', max_age: 60 }, false],
    ['one past a max_age that is no number', session(1), { scope: 'tag:read', max_age: 'soon' }, false],
  ])('%s', (_what, signIn, params, expected) => {
    expect(answers(signIn, { params, path }, now)).toBe(expected);
  });
});

describe('the policy', () => {
  const asks = (check: typeof signedInHere, result: unknown) => check.check({ oidc: { result } } as KoaContextWithOIDC);

  it('asks who is there, and what they allow, until this very authorization has an answer', () => {
    for (const result of [undefined, {}, { select_account: {} }]) {
      expect(asks(signedInHere, result)).toBe(true);
      expect(asks(consentedHere, result)).toBe(true);
    }
    expect(asks(signedInHere, { login: { accountId: 'ana' } })).toBe(false);
    expect(asks(consentedHere, { login: { accountId: 'ana' } })).toBe(true);
    expect(asks(consentedHere, { consent: { grantId: 'g' } })).toBe(false);
  });

  it('has both, each in its prompt', () => {
    const reasons = interactions().map(({ name, checks }) => [name, [...checks].map(({ reason }) => reason)]);
    expect(Object.fromEntries(reasons)).toMatchObject({
      login: expect.arrayContaining(['signed_in_here']),
      consent: expect.arrayContaining(['consented_here']),
    });
  });
});
