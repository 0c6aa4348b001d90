import { encode } from '@msgpack/msgpack';
import { field, firstValue } from './protobuf.ts';
import { keyOf, withoutDeferral } from './settled.ts';
import { currentState, upgradedTo } from './upgrade.ts';

const number = (of: number, value: number): Buffer => Buffer.from([of * 8, value]);
const text = (value: string): Buffer => Buffer.from(value);

describe('a question of a plan', () => {
  const asked = (...abilities: readonly Buffer[]): Buffer =>
    Buffer.concat([field(1, text('aws_vpc')), field(3, text('a state')), field(7, Buffer.concat(abilities))]);

  it('is that of the apply too, whether or not a change may be left for later', () => {
    const [deferral, writeOnly] = [number(1, 1), number(2, 1)];
    expect(withoutDeferral('PlanResourceChange', asked(deferral, writeOnly))).toEqual(asked(writeOnly));
    expect(withoutDeferral('PlanResourceChange', asked(writeOnly))).toEqual(asked(writeOnly));
  });

  it('keeps what another call has in that place', () => {
    const state = Buffer.concat([field(1, text('aws_vpc')), field(7, number(1, 1))]);
    expect(withoutDeferral('ApplyResourceChange', state)).toEqual(state);
  });
});

describe('a web ACL without token domains', () => {
  const asked = (acl: object): string =>
    keyOf(
      'PlanResourceChange',
      Buffer.concat([field(1, text('aws_wafv2_web_acl')), field(2, Buffer.from(encode(acl)))]),
    );

  it('is the same question after an apply, which keeps them absent, and after a refresh, which reads an empty set', () => {
    expect(asked({ name: 'edge', token_domains: [] })).toBe(asked({ name: 'edge', token_domains: null }));
    expect(asked({ name: 'edge', token_domains: ['example.com'] })).not.toBe(
      asked({ name: 'edge', token_domains: null }),
    );
    expect(asked({ name: 'edge', rule: [] })).not.toBe(asked({ name: 'edge', rule: null }));
  });
});

describe('a state', () => {
  const json = text('{"id":"vpc-1"}');
  const asked = (...version: readonly Buffer[]): Buffer =>
    Buffer.concat([field(1, text('aws_vpc')), ...version, field(3, field(1, json))]);

  it('that this version of its type has written is what it says', () => {
    expect(currentState(asked(number(2, 1)), 1)).toEqual(json);
    expect(firstValue(firstValue(upgradedTo(json), 1) ?? Buffer.alloc(0), 2)).toEqual(json);
    // Protobuf leaves out a 0.
    expect(currentState(asked(), 0)).toEqual(json);
  });

  it('of another version is the provider’s to upgrade', () => {
    expect(currentState(asked(), 1)).toBeUndefined();
    expect(currentState(asked(number(2, 1)), undefined)).toBeUndefined();
  });

  it('of a terraform before 0.12 is too', () => {
    expect(currentState(Buffer.concat([field(1, text('aws_vpc')), field(3, field(2, json))]), 0)).toBeUndefined();
  });
});
