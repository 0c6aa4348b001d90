import type { Resource } from '../estate/estate.ts';
import { loadPolicy } from '../policy/policy.ts';
import type { SuggestParts } from './suggest.ts';
import { suggestionsFor } from './suggest.ts';
import { applicationIn, valueNamed, wordsIn } from './words.ts';

const policy = loadPolicy(
  {
    version: '1',
    last_updated: '2026-11-20',
    required_tags: [
      { name: 'Environment', allowed_values: ['production', 'staging', 'development', 'test'] },
      { name: 'Owner', validation_regex: '[^@ ]+@[^@ ]+\\.[a-z]+$' },
      { name: 'CostCenter', allowed_values: ['Data', 'Data Platform', 'Finance'] },
      { name: 'Application' },
    ],
  },
  'file',
);

const resource = (tags: Record<string, string> = {}, more: Partial<Resource> = {}): Resource => ({
  arn: 'arn:aws:ec2:us-east-1:123456789012:instance/i-1',
  type: 'ec2:instance',
  accountId: '123456789012',
  region: 'us-east-1',
  id: 'i-1',
  state: 'running',
  createdAt: null,
  tags,
  ...more,
});
const none: SuggestParts = { surroundings: {}, snapshot: undefined };
const suggestions = (of: Resource, parts: Partial<SuggestParts> = {}) =>
  suggestionsFor(of, policy, { ...none, ...parts }).suggestions.map(({ tagKey, value, confidence }) => [
    tagKey,
    value,
    confidence,
  ]);
const environment = (of: Resource, parts: Partial<SuggestParts> = {}) =>
  suggestions(of, parts).filter(([key]) => key === 'Environment');

describe('words', () => {
  it('are whole: no part of a word names a value', () => {
    expect(wordsIn('myWebProd-01_x')).toEqual(['my', 'web', 'prod', '01', 'x']);
    const values = ['production', 'test', 'development'];
    for (const text of ['latest', 'contest-app', 'attestation', 'productionist', 'devices', 'reproduce', 'aprod'])
      expect(valueNamed(text, values)).toBeUndefined();
    for (const text of ['app-test', 'appTest1', 'qa', 'test2']) expect(valueNamed(text, values)).toBe('test');
    expect(valueNamed('PRD-web', values)).toBe('production');
  });

  it('that name two values name none, but a longer value holds a shorter one', () => {
    expect(valueNamed('prod-to-test-copy', ['production', 'test'])).toBeUndefined();
    expect(valueNamed('data-platform-1', ['Data', 'Data Platform'])).toBe('Data Platform');
    expect(valueNamed('prod', ['prod', 'production'])).toBe('prod');
    expect(valueNamed('prod', ['staging'])).toBeUndefined();
  });

  it('of a name that may be its application are no environment, kind, number or hash', () => {
    expect(applicationIn('prod-web-checkout-2')).toBe('checkout');
    expect(applicationIn('example-prod-landing-0fa31b')).toBe('landing');
    expect(applicationIn('web-1')).toBeUndefined();
  });
});

describe('suggestions', () => {
  it.each([
    ['the VPC', resource(), { surroundings: { vpcName: 'production-main' } }, 'production', 0.85],
    ['the role', resource(), { surroundings: { roleName: 'checkout-stg-role' } }, 'staging', 0.8],
    ['the name', resource({ Name: 'checkout-dev-1' }), {}, 'development', 0.75],
    ['the id of what has no Name', resource({}, { id: 'prod-orders-1' }), {}, 'production', 0.75],
    [
      'the ARN',
      resource({ Name: 'x' }, { arn: 'arn:aws:ecs:us-east-1:123456789012:service/prod/x' }),
      {},
      'production',
      0.65,
    ],
    ['another tag', resource({ Stage: 'Test' }), {}, 'test', 0.5],
    ['its own wrong value', resource({ Environment: 'Prod' }), {}, 'production', 0.5],
  ])('are as sure as where they were read: %s', (_, of, parts, value, confidence) => {
    expect(environment(of, parts)).toEqual([['Environment', value, confidence]]);
  });

  it('read no word out of the letters of a serial number', () => {
    const fed = loadPolicy(
      { version: '1', last_updated: 'x', required_tags: [{ name: 'Team', allowed_values: ['fed', 'instance'] }] },
      'file',
    );
    const id = 'i-0fed0fed0fed0fed';
    const arn = `arn:aws:ec2:us-east-1:123456789012:instance/${id}`;
    expect(suggestionsFor(resource({}, { id, arn }), fed, none)).toEqual({ suggestions: [], wrong: ['Team'] });
  });

  it('come once per value, the surest first, where several places say different things', () => {
    const of = resource({ Name: 'checkout-dev-1', Stage: 'dev' });
    expect(environment(of, { surroundings: { vpcName: 'production' } })).toEqual([
      ['Environment', 'production', 0.85],
      ['Environment', 'development', 0.75],
    ]);
  });

  it('are for tags that are missing or wrong only', () => {
    const good = { Environment: 'test', Owner: 'a@x.io', CostCenter: 'Data', Application: 'shop' };
    expect(suggestions(resource({ ...good, Name: 'prod-finance' }))).toEqual([]);
  });

  it('never make an address up: what another tag has is copied, and only if the policy takes it', () => {
    expect(suggestions(resource({ owner: 'jane@example.com' }))).toEqual([['Owner', 'jane@example.com', 0.45]]);
    expect(suggestions(resource({ 'Created-By': 'joe@example.com' }))).toEqual([['Owner', 'joe@example.com', 0.45]]);
    for (const [key, value] of Object.entries({
      owner: 'platform team',
      Team: 'platform',
      Owner: 'jane',
      Name: 'jane',
    }))
      expect(suggestions(resource({ [key]: value })).filter(([tag]) => tag === 'Owner')).toEqual([]);
  });

  it('copy a tag whose key is spelled otherwise', () => {
    expect(suggestions(resource({ 'cost-center': 'Finance' }))).toEqual([['CostCenter', 'Finance', 0.5]]);
    expect(suggestions(resource({ 'cost-center': 'finances' }))).toEqual([]);
  });

  it('derive an application from the name', () => {
    expect(suggestions(resource({ Name: 'web-checkout-1' }))).toEqual([['Application', 'checkout', 0.6]]);
  });

  const like = (n: number, tags: Record<string, string>, more: Partial<Record<'account' | 'type', string>> = {}) =>
    [`arn:aws:ec2:us-east-1:${more.account ?? '123456789012'}:${more.type ?? 'instance'}/i-${n}`, tags] as const;
  const owned = (n: number, owner: string) => like(n, { Name: `checkout-web-${n}`, Owner: owner });

  it('of similar resources weigh how many there are and how many agree', () => {
    const of = resource({ Name: 'checkout-web-1', Environment: 'test', CostCenter: 'Data', Application: 'checkout' });
    const from = (...snapshot: (readonly [string, Record<string, string>])[]) =>
      suggestions(of, { snapshot: new Map(snapshot) });
    const [a, b] = ['a@x.io', 'b@x.io'] as const;
    expect(from(owned(2, a), owned(3, a), owned(4, a), owned(5, a), owned(6, b))).toEqual([['Owner', a, 0.56]]);
    expect(from(owned(2, a), owned(3, a))).toEqual([['Owner', a, 0.28]]);
    expect(from(...Array.from({ length: 9 }, (_, n) => owned(n + 2, a)))).toEqual([['Owner', a, 0.7]]);
    // Undecided, off the policy, of another application, account or type, or the resource itself: nothing.
    expect(from(owned(2, a), owned(3, b))).toEqual([]);
    expect(from(owned(2, 'nobody'))).toEqual([]);
    expect(from(like(2, { Name: 'orders-1', Owner: a }))).toEqual([]);
    expect(from(like(2, { Name: 'checkout-1', Owner: a }, { account: '222222222222' }))).toEqual([]);
    expect(from(like(2, { Name: 'checkout-1', Owner: a }, { type: 'volume' }))).toEqual([]);
    expect(from(owned(1, a))).toEqual([]);
  });

  it('are never values that the service refuses', () => {
    const any = loadPolicy({ version: '1', last_updated: 'x', required_tags: [{ name: 'Owner' }] }, 'file');
    const of = resource({ owner: 'a#b' }, { type: 's3:bucket', arn: 'arn:aws:s3:::b', id: 'b' });
    expect(suggestionsFor(of, any, none).suggestions).toEqual([]);
  });
});
