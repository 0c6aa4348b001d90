/** The audit log of a store against its hash chains, its signatures and its anchors, as commands verify it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { openAnchors } from '../../../service/src/anchors/index.ts';
import { readAnchor } from '../../../service/src/audit/anchor.ts';
import { type AnchorView, examineAnchors } from '../../../service/src/audit/anchor-view.ts';
import type { Anchors } from '../../../service/src/audit/anchors.ts';
import { hmac, type Keyring } from '../../../service/src/audit/mac.ts';
import { markRegion } from '../../../service/src/audit/mark.ts';
import { type ChainReport, type VerifyOptions, verifyChain } from '../../../service/src/audit/verify.ts';
import { deriveSecrets, findEncryptionKey } from '../../../service/src/auth/secrets.ts';
import type { Config } from '../../../service/src/config.ts';
import { OperatorProblem } from '../../platform/problem.ts';

/** Of any version: members that are not known here are left alone. */
const Report = z.looseObject({
  heads: z.record(z.string(), z.looseObject({ sequence: z.int(), hash: z.string() })),
});

/** @throws OperatorProblem naming the option */
const textOf = async (option: string, file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OperatorProblem(
      `--${option} ${file} cannot be read: ${error instanceof Error ? error.message : error}.`,
      {
        cause: error,
      },
    );
  }
};

/** The heads that a report of earlier names. @throws OperatorProblem where the file is no such report */
export const headsIn = async (file: string): Promise<NonNullable<VerifyOptions['since']>> => {
  const text = await textOf('since', file);
  try {
    return Report.parse(JSON.parse(text)).heads;
  } catch (error) {
    throw new OperatorProblem(
      `--since ${file} is not a report of audit:verify or backup:verify with --json: it names no heads.`,
      { cause: error },
    );
  }
};

/** The keys of earlier times. @throws OperatorProblem where a file has none */
export const oldKeysIn = (files: readonly string[] = []): Promise<readonly string[]> =>
  Promise.all(
    files.map(async (file) => {
      const key = (await textOf('old-key-file', file)).trim();
      if (key === '') throw new OperatorProblem(`--old-key-file ${file} is empty.`);
      return key;
    }),
  );

/** Undefined: there is no ENCRYPTION_KEY. @param old keys of earlier times */
export const auditKeys = async (config: Config, old: readonly string[]): Promise<Keyring | undefined> => {
  const own = await findEncryptionKey(config);
  if (own === undefined) return undefined;
  const macOf = (key: string) => hmac(deriveSecrets(key).auditKey);
  return [macOf(own), ...old.map(macOf)];
};

/** How many of the numbers, which ascend in time, are of anchors made by then. One that cannot be read counts. */
const madeBy = async (anchors: Anchors, keys: Keyring, numbers: readonly number[], at: Date): Promise<number> => {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const number = numbers[middle] ?? 0;
    const read = await readAnchor(keys, number, (await anchors.read(number)) ?? '');
    const isLater = 'time' in read && new Date(String(read.time)) > at;
    if (isLater) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The anchors there were at a moment: those since name more than a copy of that moment holds. */
export const anchorsAt = (anchors: Anchors, keys: Keyring, at: Date): Anchors => ({
  place: anchors.place,
  numbers: async (after) => {
    const numbers = await anchors.numbers(after);
    return numbers.slice(0, await madeBy(anchors, keys, numbers, at));
  },
  read: (number) => anchors.read(number),
  create: (number, text) => anchors.create(number, text),
  tampered: () => anchors.tampered(),
});

export interface LogOptions {
  readonly config: Config;
  readonly keys: Keyring;
  readonly tables: VerifyOptions['tables'];
  /** `heads` of an earlier report. */
  readonly since?: VerifyOptions['since'];
  readonly person?: string | undefined;
  /** The tables are a copy of this moment. Default: they are what is in service. */
  readonly at?: Date;
}

export interface VerifiedLog {
  readonly report: ChainReport;
  /** Undefined: there is nowhere that anchors are kept. */
  readonly anchors: AnchorView | undefined;
}

/** @throws store_unavailable */
export const verifyLog = async ({ config, keys, tables, since, person, at }: LogOptions): Promise<VerifiedLog> => {
  const port = await openAnchors(config);
  const anchors = port && (await examineAnchors(at === undefined ? port : anchorsAt(port, keys, at), keys));
  const report = await verifyChain({
    tables,
    keys,
    retentionDays: config.AUDIT_RETENTION_DAYS,
    ...(since && { since }),
    ...(anchors && { anchors }),
    region: markRegion(config),
    ...(person === undefined ? {} : { partition: person }),
  });
  return { report, anchors };
};
