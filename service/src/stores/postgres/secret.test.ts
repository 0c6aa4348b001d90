import { inspect } from 'node:util';
import { credentialSource } from './secret.ts';

const minute = 60_000;

describe('credentials of a secret', () => {
  let answers: (string | Error)[];
  let reads: number;
  let time: number;
  const open = () =>
    credentialSource(
      async () => {
        reads += 1;
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer instanceof Error) throw answer;
        return answer;
      },
      () => time,
    );
  const secret = (password: string) => JSON.stringify({ username: 'app', password, engine: 'postgres' });
  beforeEach(() => {
    reads = 0;
    time = 0;
  });

  it('are read once in five minutes', async () => {
    answers = [secret('one'), secret('two')];
    const source = open();
    expect(await source.current()).toEqual({ username: 'app', password: 'one' });
    time = 5 * minute - 1;
    expect(await source.current()).toEqual(source.latest());
    expect(reads).toBe(1);
    time = 5 * minute;
    expect(await source.current()).toMatchObject({ password: 'two' });
  });

  it('are read at once when they were refused, once for all that were', async () => {
    answers = [secret('one'), secret('two'), secret('three')];
    const source = open();
    await source.current();
    const renewed = await Promise.all([source.renew(), source.renew(), source.current()]);
    expect(renewed.map(({ password }) => password)).toEqual(['two', 'two', 'one']);
    expect(reads).toBe(2);
  });

  it('stay as they were while Secrets Manager does not answer', async () => {
    answers = [secret('one'), new Error('away')];
    const source = open();
    await source.current();
    time = 6 * minute;
    expect(await source.current()).toMatchObject({ password: 'one' });
    await expect(source.renew()).rejects.toThrow('away');
  });

  it('can be read after a read that failed', async () => {
    answers = [new Error('away'), secret('one')];
    const source = open();
    await expect(source.current()).rejects.toThrow('away');
    expect(() => source.latest()).toThrow('not read yet');
    expect(await source.current()).toMatchObject({ password: 'one' });
  });

  it.each(['hunter2', '{"password":"hunter2"}', '{"username":"hunter2","password":""}', '"hunter2"'])(
    'of %s are refused without telling it',
    async (text) => {
      answers = [text];
      const error: unknown = await open()
        .current()
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'database_secret_invalid',
        message: expect.stringContaining('DATABASE_SECRET_ARN'),
      });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
    },
  );
});
