/** Verifies the audit log against its hash chains, its signatures and its anchors; see `help`. */
import { readFile } from 'node:fs/promises';
import process, { argv, env, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openAnchors } from '../service/src/anchors/index.ts';
import { type AnchorView, examineAnchors } from '../service/src/audit/anchor-view.ts';
import { hmac, type Keyring } from '../service/src/audit/mac.ts';
import { type ChainReport, type VerifyOptions, verifyChain } from '../service/src/audit/verify.ts';
import { deriveSecrets, findEncryptionKey } from '../service/src/auth/secrets.ts';
import { type Config, parseConfig } from '../service/src/config.ts';
import { hasStore, openTables } from '../service/src/state.ts';
import { plural } from '../service/src/web/format.ts';

const help = `Verifies the audit log on the store that the service's own environment names.

npm run audit:verify -- [options]

  --person ID           one person's chain, or that of system. Default: all
  --json                a report for machines; keep it for --since
  --since REPORT        also hold the log against an earlier report of --json
  --old-key-file FILE   an ENCRYPTION_KEY of earlier times; may be repeated
  --help                this text

Each record must have its hash and name the one before it, each head must be signed with the service's key, and each
chain must reach what the anchors name. A running service holds the embedded store: stop it first.

Exit code 0: whole. 1: broken. 2: there is nothing to verify, or it could not be verified.
`;

const options = {
  person: { type: 'string' },
  json: { type: 'boolean', default: false },
  since: { type: 'string' },
  'old-key-file': { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', default: false },
} as const;

/** Of any version: members that are not known here are left alone. */
const Report = z.looseObject({
  heads: z.record(z.string(), z.looseObject({ sequence: z.int(), hash: z.string() })),
});

/** What a person reads. */
export const describeReport = ({ partitions, records, breaks }: ChainReport): string =>
  [
    `${plural(records, 'record')} in ${plural(partitions, 'chain')} ${records === 1 ? 'is' : 'are'} whole.`,
    ...breaks.map((b) =>
      b.kind === 'anchor'
        ? `BROKEN anchor ${b.sequence}: ${b.detail}.`
        : `BROKEN ${b.partition}: record ${b.sequence} ${b.kind}: ${b.detail}.`,
    ),
  ].join('\n');

/** What the verification could not look at, or need not have looked at yet. */
const remarks = (report: ChainReport, anchors: AnchorView | undefined): string[] => [
  ...(anchors === undefined
    ? ['Not held against anchors: AUDIT_ANCHOR_BUCKET is not set. A chain that was taken away whole is not noticed.']
    : []),
  ...(report.unsigned > 0
    ? [
        `${plural(report.unsigned, 'chain')} not signed yet: written before heads were. A start of the service signs them.`,
      ]
    : []),
  ...(report.anchor !== undefined && Date.parse(report.time) - Date.parse(report.anchor.time) > 86_400_000
    ? [`The newest anchor is of ${report.anchor.time}. What was appended since is held against signatures only.`]
    : []),
  ...(report.anchor !== undefined && Date.parse(report.anchor.time) - Date.parse(report.time) > 300_000
    ? [`The newest anchor is of ${report.anchor.time}: this machine’s clock is behind.`]
    : []),
];

const nothing: VerifyOptions['tables'] = {
  withExpired: () => ({
    get: async () => undefined,
    query: async () => ({ items: [] }),
    scan: async () => ({ items: [] }),
  }),
};

const keysOf = async (config: Config, oldFiles: readonly string[]): Promise<Keyring | undefined> => {
  const own = await findEncryptionKey(config);
  if (own === undefined) return undefined;
  const old = await Promise.all(oldFiles.map(async (file) => (await readFile(file, 'utf8')).trim()));
  const macOf = (key: string) => hmac(deriveSecrets(key).auditKey);
  return [macOf(own), ...old.map(macOf)];
};

const nothingHere = (config: Config, person: string | undefined): string =>
  person === undefined
    ? `There is nothing to verify: no audit log in ${config.STORE === 'embedded' ? config.DATA_DIR : 'the store'}.`
    : `There is nothing to verify: no chain of ${person}.`;

const verify = async (config: Config, keys: Keyring, values: ReturnType<typeof readArguments>) => {
  const since = values.since === undefined ? {} : Report.parse(JSON.parse(await readFile(values.since, 'utf8'))).heads;
  const port = await openAnchors(config);
  const anchors = port && (await examineAnchors(port, keys));
  const tables = (await hasStore(config)) ? await openTables(config, () => new Date()) : undefined;
  try {
    const report = await verifyChain({
      tables: tables ?? nothing,
      keys,
      since,
      retentionDays: config.AUDIT_RETENTION_DAYS,
      ...(anchors && { anchors }),
      ...(values.person === undefined ? {} : { partition: values.person }),
    });
    return { report, anchors };
  } finally {
    await tables?.close();
  }
};

const readArguments = () => parseArgs({ args: argv.slice(2), options }).values;

const main = async (): Promise<number> => {
  const values = readArguments();
  if (values.help) {
    stdout.write(help);
    return 0;
  }
  const config = parseConfig(env);
  const keys = await keysOf(config, values['old-key-file']);
  if (keys === undefined) {
    const lost = await hasStore(config);
    const remedy = 'Without the file encryption-key in DATA_DIR its signatures cannot be checked; restore it.';
    stderr.write(`${lost ? remedy : nothingHere(config, undefined)}\n`);
    return 2;
  }
  const { report, anchors } = await verify(config, keys, values);
  if (report.partitions === 0 && report.breaks.length === 0) {
    stderr.write(`${nothingHere(config, values.person)}\n`);
    return 2;
  }
  stdout.write(`${values.json ? JSON.stringify(report, null, 2) : describeReport(report)}\n`);
  for (const remark of remarks(report, anchors)) stderr.write(`${remark}\n`);
  return report.breaks.length === 0 ? 0 : 1;
};

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
