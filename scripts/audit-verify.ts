/** `npm run audit:verify`: the audit log against its hash chains, its signatures and its anchors. */
import type { AnchorView } from '../service/src/audit/anchor-view.ts';
import type { Keyring } from '../service/src/audit/mac.ts';
import type { ChainReport, VerifyOptions } from '../service/src/audit/verify.ts';
import { type Config, parseConfig } from '../service/src/config.ts';
import { plural } from '../service/src/measures/words.ts';
import { hasStore, openToRead } from '../service/src/start/state.ts';
import { auditKeys, headsIn, oldKeysIn, verifyLog } from './operate/audit/log.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { json } from './platform/options.ts';

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

const nothingHere = (config: Config, person: string | undefined): string =>
  person === undefined
    ? `There is nothing to verify: no audit log in ${config.STORE === 'embedded' ? config.DATA_DIR : 'the store'}.`
    : `There is nothing to verify: no chain of ${person}.`;

const verify = async (
  host: Host,
  config: Config,
  keys: Keyring,
  values: { readonly since: string | undefined; readonly person: string | undefined },
) => {
  const since = values.since === undefined ? {} : await headsIn(values.since);
  const tables = (await hasStore(config))
    ? await openToRead(config, () => nowOf(host), ['audit-heads', 'audit-logs'])
    : undefined;
  try {
    return await verifyLog({ config, keys, since, person: values.person, tables: tables ?? nothing });
  } finally {
    await tables?.close();
  }
};

/** What keeps the log from being looked at is no break in it. */
const unlessHindered = async ({ err }: Host, work: () => Promise<number>): Promise<number> => {
  try {
    return await work();
  } catch (error) {
    err(error instanceof Error ? error.message : String(error));
    return exitCodes.attention;
  }
};

export const auditVerify = defineCommand({
  name: 'audit:verify',
  summary: 'Verifies the audit log on the store that the service’s own environment names.',
  notes: [
    'Each record must have its hash and name the one before it, each head must be signed with the service’s key, and each',
    'chain must reach what the anchors name. A running service holds the embedded store: stop it first.',
  ].join('\n'),
  exits: { 0: 'whole', 1: 'broken', 2: 'there is nothing to verify, or it could not be verified' },
  options: {
    person: { type: 'string', value: 'ID', description: 'One person’s chain, or that of system. Default: all.' },
    json: { ...json, description: 'A report for machines; keep it for --since.' },
    since: { type: 'string', value: 'REPORT', description: 'Also holds the log against an earlier report of --json.' },
    'old-key-file': {
      type: 'string',
      value: 'FILE',
      multiple: true,
      description: 'An ENCRYPTION_KEY of earlier times; may be repeated.',
    },
  },
  run: (values, host) =>
    unlessHindered(host, async () => {
      const config = parseConfig(host.env);
      const keys = await auditKeys(config, await oldKeysIn(values['old-key-file']));
      if (keys === undefined) {
        const lost = await hasStore(config);
        const remedy = 'Without the file encryption-key in DATA_DIR its signatures cannot be checked; restore it.';
        host.err(lost ? remedy : nothingHere(config, undefined));
        return exitCodes.attention;
      }
      const { report, anchors } = await during(host, 'Reading the audit log', () => verify(host, config, keys, values));
      if (report.partitions === 0 && report.breaks.length === 0) {
        host.err(nothingHere(config, values.person));
        return exitCodes.attention;
      }
      host.out(describeReport(report));
      host.report(report);
      for (const remark of remarks(report, anchors)) host.err(remark);
      return report.breaks.length === 0 ? exitCodes.done : exitCodes.failed;
    }),
});

await runAsProgram(import.meta.main, auditVerify);
