import { jest } from '@jest/globals';

/** Imports it as a test file that comes later would. */
const later = async <T>(load: () => Promise<T>): Promise<readonly [before: T, after: T]> => {
  const before = await load();
  jest.resetModules();
  return [before, await load()];
};

describe('a module that two test files import', () => {
  it.each([
    ['of a package', () => import('zod')],
    ['of a package in CommonJS', () => import('pg')],
  ])('is the same where it is %s', async (_, load) => {
    const [before, after] = await later<object>(load);
    expect(after).toBe(before);
  });

  it.each([
    ['of the repository', () => import('./kept.ts')],
    ['of what cdktf builds on', () => import('constructs')],
  ])('is another where it is %s', async (_, load) => {
    const [before, after] = await later<object>(load);
    expect(after).not.toBe(before);
  });

  it('makes what belongs to the realm of the test', async () => {
    const { z } = await import('zod');
    expect(z.record(z.string(), z.number()).parse({ one: 1 })).toBeInstanceOf(Object);
    expect(z.date().safeParse(new Date()).success).toBe(true);
    expect(z.strictObject({}).safeParse({ one: 1 }).error).toBeInstanceOf(Error);
  });
});
