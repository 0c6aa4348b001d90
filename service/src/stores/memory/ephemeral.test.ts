import { openMemoryEphemeral } from './ephemeral.ts';

describe('what may be lost, in memory', () => {
  it('keeps the 100,000 keys that were used last', async () => {
    const ephemeral = openMemoryEphemeral();
    for (let key = 0; key < 100_000; key += 1) await ephemeral.set(`${key}`, 'x', 60);
    expect(await ephemeral.get('0')).toBe('x');
    await ephemeral.set('one more', 'x', 60);
    expect([await ephemeral.get('0'), await ephemeral.get('1'), await ephemeral.get('one more')]).toEqual([
      'x',
      undefined,
      'x',
    ]);
  });
});
