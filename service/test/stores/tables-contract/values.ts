import { randomUUID } from 'node:crypto';
import type { Bench } from './bench.ts';
import { operation } from './rows.ts';

export const values = (on: Bench): void => {
  const stored = on.stored;
  describe('values', () => {
    it.each([
      ['null', null],
      ['false', false],
      ['a text', 'text'],
      ['an empty text', ''],
      ['an empty list', []],
      ['the bounds of numbers', [0, -1, 1.5, 1e-7, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER]],
      ['all scripts', { 'ключ 鍵 🔑': ['ß', '𝒳', '\u202E', 'e\u0301', '\uFFFF', '\uFDD0', '\\u0000', '\\\uFDD0'] }],
      ['control characters', { '\0': '\0\u0001\u001F\u007F', quotes: `"'\\` }],
      ['lone surrogates', ['\uD83D', '\uDE00\uD83D', '\\\uD83D', '\\\\u0000\0']],
      ['dangerous keys', JSON.parse('{"__proto__":1,"constructor":2,"$ref":3,"a.b":4,"":5}')],
      ['deep nesting', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)],
    ])('keeps %s', async (_name, value) => {
      const row = operation({ record: value });
      expect(await on.tables.insert('operations', row)).toBe(true);
      expect((await stored(row.operationId))?.record).toStrictEqual(value);
    });

    it('keeps a big document', async () => {
      const row = operation({ record: Array.from({ length: 20_000 }, (_, i) => ({ arn: `arn:aws:ec2:::${i}`, i })) });
      await on.tables.insert('operations', row);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('keeps text in keys and columns', async () => {
      const intentId = `🔑 ключ "'\\%_ ${randomUUID()}`;
      // Of a column that is in no index, because no key is empty.
      const plain = { userId: 'ana', tool: 'paint', argumentsHash: '', record: {}, expirationTime: 9_999_999_999 };
      await on.tables.insert('intents', { intentId, ...plain });
      expect(await on.tables.get('intents', { intentId })).toStrictEqual({ intentId, ...plain });
    });

    it('does not change with the object it was given or gave', async () => {
      const document = { tags: ['a'] };
      const row = operation({ record: document });
      await on.tables.insert('operations', row);
      document.tags.push('b');
      const [first, second] = [await stored(row.operationId), await stored(row.operationId)];
      expect(first?.record).toEqual({ tags: ['a'] });
      expect(first?.record).not.toBe(second?.record);
    });

    it.each([
      [{ operationId: '' }, 'invalid_input'],
      [{ operationId: 'a\0' }, 'invalid_input'],
      [{ tool: '\uD800' }, 'invalid_input'],
      [{ idempotencyKey: '' }, 'invalid_input'],
      [{ operationId: 'x'.repeat(2049) }, 'too_large'],
    ])('refuses %j', async (fields, code) => {
      await expect(on.tables.insert('operations', operation(fields))).rejects.toMatchObject({ code });
    });

    it.each([{ createdAt: '2026-03-01' }, { createdAt: '2026-13-01T00:00:00.000Z' }, { version: Number.NaN }])(
      'takes %j for a fault',
      async (fields) => {
        await expect(on.tables.insert('operations', operation(fields))).rejects.toThrow(TypeError);
      },
    );
  });
};
