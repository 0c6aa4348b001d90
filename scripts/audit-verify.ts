/**
 * Verifies the audit log against its hash chains, on the store that the service's own environment names.
 * `npm run audit:verify -- [--person ID] [--json] [--since REPORT]`
 * Exit code 0: whole. 1: broken. 2: it could not be verified.
 */
import { readFile } from 'node:fs/promises';
import process, { argv, env, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type ChainReport, verifyChain } from '../service/src/audit/verify.ts';
import { parseConfig } from '../service/src/config.ts';
import { openTables } from '../service/src/state.ts';
import { plural } from '../service/src/web/format.ts';

const Heads = z.object({ heads: z.record(z.string(), z.object({ sequence: z.int(), hash: z.string() })) });

/** What a person reads. */
export const describeReport = ({ partitions, records, breaks }: ChainReport): string =>
  [
    `${plural(records, 'record')} in ${plural(partitions, 'chain')} ${records === 1 ? 'is' : 'are'} whole.`,
    ...breaks.map((b) => `BROKEN ${b.partition}: record ${b.sequence} ${b.kind}: ${b.detail}.`),
  ].join('\n');

const options = {
  person: { type: 'string' },
  json: { type: 'boolean', default: false },
  since: { type: 'string' },
} as const;

const readHeads = async (path: string) => Heads.parse(JSON.parse(await readFile(path, 'utf8'))).heads;

const main = async (): Promise<number> => {
  const { values } = parseArgs({ args: argv.slice(2), options });
  const since = values.since === undefined ? {} : { since: await readHeads(values.since) };
  const tables = await openTables(parseConfig(env), () => new Date());
  try {
    const partition = values.person === undefined ? {} : { partition: values.person };
    const report = await verifyChain({ tables, ...partition, ...since });
    stdout.write(`${values.json ? JSON.stringify(report, null, 2) : describeReport(report)}\n`);
    return report.breaks.length === 0 ? 0 : 1;
  } finally {
    await tables.close();
  }
};

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
