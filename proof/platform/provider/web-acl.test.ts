import { decode, ExtData, encode } from '@msgpack/msgpack';
import { changed, field, fieldsOf, firstValue } from './protobuf.ts';
import { narrow, usedIn } from './web-acl.ts';

const text = (value: string): Buffer => Buffer.from(value);

/** A block with an attribute and blocks in it, as GetProviderSchema tells it. */
const block = (attribute: string, blocks: Readonly<Record<string, Buffer>> = {}): Buffer =>
  Buffer.concat([
    field(2, field(1, text(attribute))),
    ...Object.entries(blocks).map(([name, inner]) => field(3, Buffer.concat([field(1, text(name)), field(2, inner)]))),
  ]);

/** A message with a value as the only field. */
const carrying = (number: number, value: unknown): Buffer => field(number, field(1, Buffer.from(encode(value))));
const carried = (message: Buffer, number: number): unknown =>
  decode(firstValue(firstValue(message, number) ?? Buffer.alloc(0), 1) ?? Buffer.alloc(0));

const whole = block('name', {
  rule: block('priority', { geo_match: block('countries'), sqli_match: block('sensitivity') }),
  // A block of a name that is used elsewhere.
  captcha_config: block('seconds', { geo_match: block('countries') }),
});
const entry = Buffer.concat([field(1, text('aws_wafv2_web_acl')), field(2, field(2, whole))]);
const {
  entry: told,
  asked,
  answered,
  state,
} = narrow(entry, usedIn([{ name: 'other', rule: [{ priority: 1 }] }, { rule: { geo_match: { countries: ['AT'] } } }]));

const given = { name: 'edge', rule: [{ priority: 1, geo_match: [{ countries: ['DE'] }] }] };
const complete = {
  name: 'edge',
  rule: [{ priority: 1, geo_match: [{ countries: ['DE'] }], sqli_match: [] }],
  captcha_config: [],
};

describe('a web ACL without the blocks that no stack uses', () => {
  it('is described to terraform without them', () => {
    const left = block('name', { rule: block('priority', { geo_match: block('countries') }) });
    expect(told).toEqual(Buffer.concat([field(1, text('aws_wafv2_web_acl')), field(2, field(2, left))]));
  });

  it('reaches the provider with all of them, empty', () => {
    expect(carried(asked('PlanResourceChange', carrying(3, given)), 3)).toEqual(complete);
  });

  it('comes back as it was asked', () => {
    expect(carried(answered('PlanResourceChange', carrying(1, complete)), 1)).toEqual(given);
  });

  it('is not reported as unchanged where somebody has filled one of the blocks', () => {
    const edited = { ...complete, captcha_config: [{ seconds: 60 }] };
    expect(() => answered('ReadResource', carrying(1, edited))).toThrow('captcha_config');
  });

  it('has none of a block in a state from before some stack used it', () => {
    const before = Buffer.from(JSON.stringify({ name: 'edge', rule: [{ priority: 1 }] }));
    expect(JSON.parse(state(before).toString())).toEqual({ name: 'edge', rule: [{ priority: 1, geo_match: [] }] });
  });

  it('may be absent or unknown, as a whole and in part', () => {
    const unknown = new ExtData(0, new Uint8Array([0]));
    expect(carried(asked('ApplyResourceChange', carrying(2, null)), 2)).toBeNull();
    expect(carried(asked('ApplyResourceChange', carrying(3, { name: unknown, rule: unknown })), 3)).toEqual({
      name: unknown,
      rule: unknown,
      captcha_config: [],
    });
  });
});

describe('a message', () => {
  it('keeps what is not changed, numbers and long parts too', () => {
    const long = 'x'.repeat(300);
    const message = Buffer.concat([Buffer.from([0x28, 0x96, 0x01]), field(1, text('a')), field(40, text(long))]);
    expect(fieldsOf(message).map(({ number, value }) => [number, value?.toString()])).toEqual([
      [5, undefined],
      [1, 'a'],
      [40, long],
    ]);
    expect(changed(message, new Set([1]), () => text('b'))).toEqual(
      Buffer.concat([Buffer.from([0x28, 0x96, 0x01]), field(1, text('b')), field(40, text(long))]),
    );
  });
});
