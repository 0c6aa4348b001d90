import { signatureOf, signatureRefusalOf, webhookKeys } from './webhook-signature.ts';

// The vector of the specification's own libraries, "sign function works":
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330' };
const body = Buffer.from('{"test": 2432232314}');
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const keys = webhookKeys(secret, 'NOTES_WEBHOOK_SECRET');
const at = (seconds: number) => new Date((1614265330 + seconds) * 1000);
const refusal = (over: Readonly<Record<string, string>> = {}, now = at(0), bytes: Buffer = body) =>
  signatureRefusalOf({ ...message, signature, ...over }, bytes, keys, now);

describe('the signature of a webhook', () => {
  it('is the one of the specification’s vector', () => {
    expect(signatureOf(keys, message, body)).toBe(signature);
    expect(refusal()).toBeUndefined();
  });

  it('counts among several, of other keys and other versions', () => {
    const other = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
    expect(refusal({ signature: `${other} v2,${signature.slice(3)} ${signature} ${other}` })).toBeUndefined();
    expect(refusal({ signature: `${other} v2,${signature.slice(3)} v1a,${signature.slice(3)}` })).toContain(
      'no signature',
    );
  });

  it('is taken by each of two keys while one is changed for the other', () => {
    const next = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const both = webhookKeys(`${next} ${secret}`, 'NOTES_WEBHOOK_SECRET');
    expect(signatureRefusalOf({ ...message, signature }, body, both, at(0))).toBeUndefined();
    const byNext = signatureOf(webhookKeys(next, 'X'), message, body);
    expect(signatureRefusalOf({ ...message, signature: byNext }, body, both, at(0))).toBeUndefined();
    expect(refusal({ signature: byNext })).toContain('no signature');
  });

  it.each([
    ['another body', {}, Buffer.from('{"test": 2432232315}')],
    ['another id', { id: 'msg_other' }, body],
    ['another time', { timestamp: '1614265331' }, body],
    ['a part of it', { signature: signature.slice(0, 10) }, body],
    ['nothing of it', { signature: 'v1,' }, body],
    ['an empty header', { signature: '' }, body],
  ])('is not of %s', (_name, over, bytes) => {
    expect(refusal(over, at(0), bytes)).toContain('no signature');
  });

  it.each([
    ['-300 s', -300, undefined],
    ['300 s', 300, undefined],
    ['-301 s', -301, 'after our clock'],
    ['301 s', 301, 'before our clock'],
  ])('is taken within five minutes: %s', (_name, seconds, said) => {
    const found = refusal({}, at(seconds));
    if (said === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(said);
  });

  it('tells nothing of the clock to whoever has no key', () => {
    expect(refusal({ signature: 'v1,AAAA' }, at(9999))).toContain('no signature');
  });

  it.each(['1614265330abc', '1.5', '-1', '', '0x10', '1614265330 '])('needs whole seconds, not %p', (timestamp) => {
    const signed = signatureOf(keys, { ...message, timestamp }, body);
    expect(refusal({ timestamp, signature: signed })).toContain('webhook-timestamp: must be whole seconds');
  });

  it('cannot be kept while bytes move from the id into the time', () => {
    const numeric = Buffer.from('1614265330.5');
    const moved = { id: 'a.1614265330', timestamp: '1614265330' };
    const signed = signatureOf(keys, { id: 'a', timestamp: '1614265330' }, Buffer.from('1614265330.5'));
    expect(signatureOf(keys, moved, Buffer.from('5'))).toBe(signed);
    expect(signatureRefusalOf({ ...moved, signature: signed }, numeric.subarray(-1), keys, at(0))).toContain(
      'without a dot',
    );
  });

  it.each(['id', 'timestamp', 'signature'])('needs the header webhook-%s', (name) => {
    const { [name]: _gone, ...rest }: Record<string, string> = { ...message, signature };
    expect(signatureRefusalOf(rest, body, keys, at(0))).toContain('are required');
  });
});

describe('the secret of a webhook', () => {
  it.each([
    ['has no prefix', secret.slice(6)],
    ['is short', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['is long', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['is no base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!'],
    ['is empty', ''],
    ['is one of two that is none', `${secret} whsec_`],
  ])('is refused when it %s, and not told', (_name, wrong) => {
    const refused = () => webhookKeys(wrong, 'NOTES_WEBHOOK_SECRET');
    expect(refused).toThrow(/^NOTES_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes/);
    expect(refused).not.toThrow(/MfKQ|AQEB/);
  });
});
