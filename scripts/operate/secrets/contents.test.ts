import { TwoKeys } from '../../../contracts/gateway.ts';
import { parseValues } from '../../platform/variables.ts';
import { randomValue, retired, rotatedHeader, rotatedKeys, valueIn, withEntries } from './contents.ts';

const old = 'old-value-of-more-than-32-characters-here';
const fresh = 'new-value-of-more-than-32-characters-here';

describe('random values', () => {
  it('are what Terraform takes for a header, ElastiCache for a token, and a client for a URL', () => {
    const values = Array.from({ length: 50 }, randomValue);
    for (const value of values) expect(value).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(new Set(values).size).toBe(50);
  });
});

describe('a JSON secret', () => {
  it('keeps its other keys, whatever they are', () => {
    expect(JSON.parse(withEntries('app', '{"a":"1","n":2}', { b: '3' }))).toEqual({ a: '1', n: 2, b: '3' });
    expect(withEntries('app', ' ', { b: '3' })).toBe('{"b":"3"}');
  });

  it('loses a key that is set to nothing', () => {
    expect(withEntries('app', '{"a":"1","b":"2"}', { a: undefined })).toBe('{"b":"2"}');
  });

  it('has no value where a key is missing, empty or no text', () => {
    expect(valueIn('app', '{"a":""}', 'a')).toBeUndefined();
    expect(valueIn('app', '{"a":5}', 'a')).toBeUndefined();
    expect(valueIn('app', '', 'a')).toBeUndefined();
    expect(valueIn('app', '{"a":"1"}', 'a')).toBe('1');
    expect(valueIn('app', '{}', undefined)).toBeUndefined();
    expect(valueIn('app', 'plain', undefined)).toBe('plain');
  });

  it.each(['hunter2', '["hunter2"]', '"hunter2"'])('is refused as %s, which is not repeated', (text) => {
    const attempt = () => withEntries('app', text, { b: '3' });
    expect(attempt).toThrow('The secret app holds something else than a JSON object');
    expect(attempt).not.toThrow('hunter2');
  });
});

describe('rotating', () => {
  it('keeps a caller’s key good until the next rotation', () => {
    const text = rotatedKeys('keys', JSON.stringify({ current: old, previous: 'older-than-old-key' }), fresh);
    expect(TwoKeys.parse(JSON.parse(text))).toEqual({ current: fresh, previous: old });
  });

  it('sends a header’s new value with the next apply where one stack holds those that check it', () => {
    const values = rotatedHeader('origin', JSON.stringify({ current: old }), 1, fresh);
    expect(parseValues(JSON.stringify(values))).toEqual([fresh, old]);
  });

  it('has it accepted everywhere first where several stacks do', () => {
    const first = rotatedHeader('origin', JSON.stringify({ current: old, previous: 'older' }), 2, fresh);
    expect(parseValues(JSON.stringify(first))).toEqual([old, fresh]);
    const second = rotatedHeader('origin', JSON.stringify(first), 2);
    expect(parseValues(JSON.stringify(second))).toEqual([fresh, old]);
  });

  it('ends with the value before', () => {
    expect(retired('keys', JSON.stringify({ current: fresh, previous: old }))).toBe(JSON.stringify({ current: fresh }));
    expect(() => retired('keys', JSON.stringify({ current: fresh }))).toThrow('has no previous value');
  });

  it('tells nothing of what it cannot read', () => {
    expect(() => rotatedKeys('keys', 'hunter2')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
