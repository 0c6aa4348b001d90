/** Verifies the audit log: every chain, or that of one person. Believes nothing that it reads from the tables. */
import type { TableName } from '../../../contracts/tables.ts';
import type { TableEngine, TableReader } from '../ports/tables.ts';
import type { AnchorView } from './anchor-view.ts';
import type { AuditFinding, Break, Pin } from './finding.ts';
import type { Keyring } from './mac.ts';
import { anchorsOf, checkMark, isMark, MARK, type Mark, unsignedUntil } from './mark.ts';
import type { AuditRecord } from './record.ts';
import { Steps } from './steps.ts';
import type { Trust } from './vouched.ts';
import { Walk } from './walk.ts';

export interface ChainReport {
  /** ISO time of the verification. */
  readonly time: string;
  /** Chains that there are, or should be. */
  readonly partitions: number;
  /** Records that were read and found whole. */
  readonly records: number;
  /** Chains whose head is not signed yet, because they were written before heads were. */
  readonly unsigned: number;
  /** The first broken link of each partition that has one, and what is wrong with the anchors. */
  readonly breaks: readonly Break[];
  /** Newest record of each whole partition. */
  readonly heads: Readonly<Record<string, Pin>>;
  /** The newest anchor the chains were held against. */
  readonly anchor?: { readonly place: string; readonly number: number; readonly time: string };
}

export interface VerifyOptions {
  readonly tables: Pick<TableEngine, 'withExpired'>;
  /** Of the service that wrote the log, earlier ones after it. */
  readonly keys: Keyring;
  /** Days until a record may be deleted. */
  readonly retentionDays: number;
  /** What was anchored outside the tables. Without it, nobody notices when a whole chain is taken away. */
  readonly anchors?: AnchorView;
  /** One person, or `system`. Default: everybody. */
  readonly partition?: string;
  /** `heads` of an earlier report that was kept elsewhere. */
  readonly since?: Readonly<Record<string, Pin>>;
  readonly now?: () => Date;
  /** Whose anchors these are, of several regions: see markRegion. */
  readonly region?: string | undefined;
}

const PAGE = 1000;

async function* partitionsIn(tables: TableReader, table: TableName & ('audit-heads' | 'audit-logs')) {
  let cursor: string | undefined;
  do {
    const page = await tables.scan(table, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { userId } of page.items) if (table !== 'audit-heads' || !isMark(userId)) yield userId;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Of every head and of every record, so that neither can be hidden by removing the other; and all that was seen before. */
const allPartitions = async (tables: TableReader, seen: Iterable<string>): Promise<string[]> => {
  const found = new Set(seen);
  for (const table of ['audit-heads', 'audit-logs'] as const)
    for await (const partition of partitionsIn(tables, table)) found.add(partition);
  return [...found].toSorted();
};

const pinsOf = (name: string, { since = {}, anchors }: VerifyOptions): Trust['pins'] => {
  const reported = Object.hasOwn(since, name) ? since[name] : undefined;
  const anchored = anchors?.pins.get(name);
  return [
    ...(reported === undefined ? [] : [{ ...reported, by: 'the earlier report' }]),
    ...(anchored === undefined ? [] : [{ ...anchored, by: 'an anchor' }]),
  ];
};

/** Milliseconds by which an anchor may have missed a record that was on its way. */
const ON_ITS_WAY_MS = 600_000;

/** A chain that anchors later than its last record do not name was not there then: it was put back, or put in. */
const unnamed = (
  name: string,
  newest: AuditRecord | undefined,
  anchors: AnchorView | undefined,
): AuditFinding | undefined => {
  if (anchors?.newest === undefined || newest === undefined || anchors.pins.has(name)) return undefined;
  if (Date.parse(newest.timestamp) + ON_ITS_WAY_MS > Date.parse(anchors.newest.time)) return undefined;
  const detail = `no anchor names the chain, up to anchor ${anchors.newest.number} of ${anchors.newest.time}`;
  return { sequence: newest.sequence, kind: 'unproven', detail };
};

/** Without anchors the store's own signed count is all there is to show that a chain was taken away whole. */
const belowFloor = (mark: Mark | undefined, appended: number): Break[] =>
  mark === undefined || anchorsOf(mark) > 0 || appended >= mark.number
    ? []
    : [
        {
          partition: MARK,
          sequence: mark.number,
          kind: 'missing',
          detail: `${mark.number} records had been appended by ${mark.time}, and all chains together have ${appended}`,
        },
      ];

/** @throws store_unavailable */
export const verifyChain = async (options: VerifyOptions): Promise<ChainReport> => {
  const { partition, since = {}, anchors, keys, retentionDays, now = () => new Date() } = options;
  const tables = options.tables.withExpired();
  const time = now();
  const mark = await checkMark(tables, keys, anchors, options.region);
  const until = await unsignedUntil(tables, keys, mark, anchors);
  const unsigned = time.getTime() < until ? 'accept' : 'refuse';
  const seen = [...Object.keys(since), ...(anchors?.pins.keys() ?? [])];
  const partitions = partition === undefined ? await allPartitions(tables, seen) : [partition];
  const breaks: Break[] = [...mark.breaks];
  const heads: Record<string, Pin> = {};
  const found = { partitions: 0, records: 0, unsigned: 0 };
  let appended = 0;
  for (const name of partitions) {
    const at = Math.floor(time.getTime() / 1000);
    const trust = { keys, at, retentionDays, unsigned, pins: pinsOf(name, options) } as const;
    const steps = new Steps();
    const seenLast: { record?: AuditRecord } = {};
    const walk = new Walk(tables, name, trust, (record) => {
      seenLast.record = record;
      steps.see(record);
    });
    const finding =
      (await walk.run()) ?? steps.finding ?? (walk.unsigned ? undefined : unnamed(name, seenLast.record, anchors));
    if (finding !== undefined || !walk.isEmpty) found.partitions += 1;
    found.records += walk.records;
    appended += walk.appended;
    if (walk.unsigned) found.unsigned += 1;
    if (finding !== undefined) breaks.push({ partition: name, ...finding });
    else if (walk.end !== undefined) heads[name] = walk.end;
  }
  if (partition === undefined) breaks.push(...belowFloor(mark.mark, appended));
  return {
    time: time.toISOString(),
    ...found,
    breaks,
    heads,
    ...(anchors?.newest === undefined ? {} : { anchor: { place: anchors.place, ...anchors.newest } }),
  };
};
