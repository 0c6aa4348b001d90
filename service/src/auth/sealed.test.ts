import { randomBytes } from 'node:crypto';
import { createKeyRing, createSealer } from './sealed.ts';

const sealer = createSealer(randomBytes(32));

describe('a sealer', () => {
  it('opens what it sealed, for the same context, and seals the same text differently each time', () => {
    const sealed = sealer.seal('Größe 42', 'row/1');
    expect(sealer.open(sealed, 'row/1')).toBe('Größe 42');
    expect(sealer.seal('Größe 42', 'row/1')).not.toBe(sealed);
    expect(sealed).not.toContain(Buffer.from('Größe').toString('base64url').slice(0, 6));
  });

  it('opens nothing that was moved, changed, cut or made up', () => {
    const sealed = sealer.seal('text', 'row/1');
    const bytes = Buffer.from(sealed, 'base64url');
    const flipped = [0, 12, 28].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy.toString('base64url');
    });
    expect(sealer.open(sealed, 'row/2')).toBeUndefined();
    for (const bad of [...flipped, bytes.subarray(0, 28).toString('base64url'), '', 'x', sealed.slice(0, -2)])
      expect(sealer.open(bad, 'row/1')).toBeUndefined();
  });
});

describe('a ring of keys', () => {
  const [old, next] = [randomBytes(32), randomBytes(32)] as const;

  it('opens what an older key sealed, seals with the newest, and opens nothing of a key that is gone', () => {
    const sealed = createSealer(old).seal('text', 'row/1');
    const ring = createKeyRing([next, old]);
    expect(ring.open(sealed, 'row/1')).toBe('text');
    expect(ring.open(sealed, 'row/2')).toBeUndefined();
    expect(createSealer(next).open(ring.seal('text', 'row/1'), 'row/1')).toBe('text');
    expect(createKeyRing([next]).open(sealed, 'row/1')).toBeUndefined();
  });
});
