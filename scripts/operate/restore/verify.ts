/** Looks into a copy: its rows beside those in service, and its audit log against its chains and the anchors of then. */
import type { TableName } from '../../../contracts/tables.ts';
import type { Keyring } from '../../../service/src/audit/mac.ts';
import type { ChainReport, VerifyOptions } from '../../../service/src/audit/verify.ts';
import { type Config, parseConfig } from '../../../service/src/config.ts';
import type { TableEngine } from '../../../service/src/ports/tables.ts';
import { openCopy } from '../../../service/src/start/state.ts';
import { verifyLog } from '../audit/log.ts';
import { countRows } from './rows.ts';
import { recoverable } from './table-source.ts';

export interface TableCount {
  readonly table: TableName;
  /** Rows of the copy. */
  readonly copied: number;
  /** Rows in service now; undefined where they were not counted. */
  readonly now?: number;
  /** Rows of the copy, and of what is in service, that came before the moment. */
  readonly before?: { readonly copied: number; readonly now: number };
}

export interface Contents {
  readonly tables: readonly TableCount[];
  /** Undefined where the log is not ours to verify. */
  readonly audit?: ChainReport;
  /** What is wrong with the copy, in words. */
  readonly faults: readonly string[];
}

export interface ContentsProps {
  /** Variables that lead the service to the copy. */
  readonly copy: NodeJS.ProcessEnv;
  /** The same for what is in service; undefined: the copy's rows are not held against it. */
  readonly inService: NodeJS.ProcessEnv | undefined;
  /** Undefined: the audit log is another program's. */
  readonly audit?: { readonly keys: Keyring; readonly since?: VerifyOptions['since'] } | undefined;
  readonly at: Date;
}

/** The clock of a task may be ahead of the one that restores, and a row takes a moment from its date to the store. */
const MARGIN_MS = 60_000;

const withTables = async <T>(config: Config, work: (tables: TableEngine) => Promise<T>): Promise<T> => {
  const tables = await openCopy(config, () => new Date());
  return work(tables).finally(() => tables.close());
};

const countsOf = (config: Config, at: Date) =>
  withTables(config, async (tables) => {
    const reader = tables.withExpired();
    const moments = { before: new Date(at.getTime() - MARGIN_MS), now: new Date() };
    const counts = new Map<TableName, Awaited<ReturnType<typeof countRows>>>();
    for (const name of recoverable(config.TOOL_PACKS)) counts.set(name, await countRows(reader, name, moments));
    return counts;
  });

const faultsOf = (tables: readonly TableCount[], audit: ChainReport | undefined): string[] => [
  ...tables.flatMap(({ table, before }) =>
    before === undefined || before.copied === before.now
      ? []
      : [`${table}: the copy has ${before.copied} rows from before that moment, and ${before.now} are in service`],
  ),
  ...(audit?.breaks ?? []).map(
    ({ partition, sequence, kind, detail }) => `audit log: ${partition}, record ${sequence} ${kind}: ${detail}`,
  ),
];

/** @throws StartError where a store does not answer */
export const contentsOf = async ({ copy, inService, audit, at }: ContentsProps): Promise<Contents> => {
  const config = parseConfig(copy);
  const [copied, now] = [
    await countsOf(config, at),
    inService === undefined ? undefined : await countsOf(parseConfig(inService), at),
  ];
  const tables = recoverable(config.TOOL_PACKS).map((table): TableCount => {
    const [there, here] = [copied.get(table), now?.get(table)];
    const before =
      there?.before === undefined || here?.before === undefined
        ? undefined
        : { copied: there.before, now: here.before };
    return {
      table,
      copied: there?.all ?? 0,
      ...(here && { now: here.all }),
      ...(before && { before }),
    };
  });
  const report =
    audit && (await withTables(config, (opened) => verifyLog({ config, tables: opened, at, ...audit }))).report;
  return { tables, ...(report && { audit: report }), faults: faultsOf(tables, report) };
};
