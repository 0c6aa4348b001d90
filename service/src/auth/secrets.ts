/** Everything that is derived from ENCRYPTION_KEY, each for one purpose, so that no key is used twice. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { secretDigest } from './digest.ts';
import { keyedHash } from './proofs.ts';
import { createSealer, type Sealer } from './sealed.ts';

export interface Secrets {
  /** Signs the authorization server's cookies. */
  readonly cookieKeys: readonly string[];
  /** 32 bytes that protect MCP request state; the same on every task. */
  readonly requestStateKey: Uint8Array;
  /** Seals cursors, which carry that their first page was agreed to. */
  readonly cursorKey: Uint8Array;
  /** Signs the forms and step-up links of people who have no session yet. */
  readonly formKey: Uint8Array;
  /** Binds approvals to what was planned, and proves that this service took them. */
  readonly approvalKey: Uint8Array;
  /**
   * The refresh token that follows another: always the same one, and none that can be told without ENCRYPTION_KEY.
   */
  readonly successorOf: (refreshToken: string) => string;
  /** Signs download links. */
  readonly downloadKey: Uint8Array;
  /** Signs the audit log's heads and anchors. */
  readonly auditKey: Uint8Array;
  /** Seals private keys and client secrets in the store, and the state of a sign-in in a cookie. */
  readonly sealer: Sealer;
  /** Tells encryption keys apart without telling them. */
  readonly fingerprint: string;
}

const derive = (key: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, '', `countersign/${purpose}`, 32));

/** @param encryptionKey at least 32 random characters; the same on every task */
export const deriveSecrets = (encryptionKey: string): Secrets => {
  const refreshKey = derive(encryptionKey, 'refresh-successors');
  return {
    successorOf: (refreshToken) => keyedHash(refreshKey, 'refresh-token', refreshToken),
    cookieKeys: [Buffer.from(derive(encryptionKey, 'cookies')).toString('base64url')],
    requestStateKey: derive(encryptionKey, 'request-state'),
    cursorKey: derive(encryptionKey, 'cursors'),
    formKey: derive(encryptionKey, 'forms'),
    downloadKey: derive(encryptionKey, 'downloads'),
    auditKey: derive(encryptionKey, 'audit'),
    approvalKey: derive(encryptionKey, 'approvals'),
    sealer: createSealer(derive(encryptionKey, 'sealing')),
    fingerprint: secretDigest(Buffer.from(derive(encryptionKey, 'fingerprint')).toString('base64url')).slice(0, 8),
  };
};

const fileName = 'encryption-key';

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Makes the file whole or not at all, and never over another process's: a link fails where a rename would replace. */
const create = async (folder: string, file: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

type KeyConfig = Pick<Config, 'ENCRYPTION_KEY' | 'STORE' | 'DATA_DIR'>;

/** The key that loadEncryptionKey would take, without making one: for commands. Undefined where there is none. */
export const findEncryptionKey = async (config: KeyConfig): Promise<string | undefined> =>
  config.ENCRYPTION_KEY ?? (config.STORE === 'embedded' ? readIfThere(join(config.DATA_DIR, fileName)) : undefined);

/**
 * ENCRYPTION_KEY, or with STORE=embedded a key that is generated once into DATA_DIR, readable by its owner only.
 * @throws Error when the file cannot be written or holds too little
 */
export const loadEncryptionKey = async (config: KeyConfig): Promise<string> => {
  if (config.ENCRYPTION_KEY !== undefined) return config.ENCRYPTION_KEY;
  if (config.STORE !== 'embedded') throw new Error('ENCRYPTION_KEY is required unless STORE=embedded');
  const file = join(config.DATA_DIR, fileName);
  if ((await readIfThere(file)) === undefined) await create(config.DATA_DIR, file);
  const key = (await readIfThere(file)) ?? '';
  if (key.length < 32) throw new Error(`${fileName} in DATA_DIR holds fewer than 32 characters; restore it`);
  return key;
};
