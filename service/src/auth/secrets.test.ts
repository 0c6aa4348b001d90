import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveSecrets, loadEncryptionKey } from './secrets.ts';

let DATA_DIR: string;
beforeEach(async () => {
  DATA_DIR = await mkdtemp(join(tmpdir(), 'countersign-secrets-'));
});
afterEach(() => rm(DATA_DIR, { recursive: true }));

describe('loadEncryptionKey', () => {
  it('makes a key once, for its owner only, however many ask at once', async () => {
    const folder = join(DATA_DIR, 'new');
    const config = { STORE: 'embedded', DATA_DIR: folder, ENCRYPTION_KEY: undefined } as const;
    const keys = await Promise.all([1, 2, 3, 4].map(() => loadEncryptionKey(config)));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]?.length).toBeGreaterThanOrEqual(32);
    const file = join(folder, 'encryption-key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trim()).toBe(keys[0]);
  });

  it('prefers the configured key, and needs one beside an embedded store', async () => {
    const given = 'k'.repeat(32);
    await expect(loadEncryptionKey({ STORE: 'postgres', DATA_DIR, ENCRYPTION_KEY: given })).resolves.toBe(given);
    await expect(loadEncryptionKey({ STORE: 'postgres', DATA_DIR, ENCRYPTION_KEY: undefined })).rejects.toThrow(
      'ENCRYPTION_KEY is required',
    );
  });

  it('refuses a key file that was emptied, rather than making another and losing what the first sealed', async () => {
    await writeFile(join(DATA_DIR, 'encryption-key'), '');
    await expect(loadEncryptionKey({ STORE: 'embedded', DATA_DIR, ENCRYPTION_KEY: undefined })).rejects.toThrow(
      'fewer than 32 characters',
    );
  });
});

describe('deriveSecrets', () => {
  it('derives the same on every task, and nothing twice', () => {
    const [one, same, other] = ['a'.repeat(32), 'a'.repeat(32), 'b'.repeat(32)].map(deriveSecrets);
    const values = (secrets: typeof one) => [
      ...(secrets?.cookieKeys ?? []),
      Buffer.from(secrets?.requestStateKey ?? []).toString('base64url'),
      Buffer.from(secrets?.formKey ?? []).toString('base64url'),
      Buffer.from(secrets?.approvalKey ?? []).toString('base64url'),
    ];
    expect(values(one)).toEqual(values(same));
    expect(new Set([...values(one), ...values(other)]).size).toBe(8);
    expect(same?.sealer.open(one?.sealer.seal('x', 'c') ?? '', 'c')).toBe('x');
    expect(other?.sealer.open(one?.sealer.seal('x', 'c') ?? '', 'c')).toBeUndefined();
  });
});
