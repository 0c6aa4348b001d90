/**
 * The mark: a signed row beside the heads. It says since when heads are signed here and how many anchors there are, so
 * that neither the signatures nor the anchors can be taken away unseen.
 */
import type { TableReader } from '../ports/tables.ts';
import type { AnchorView } from './anchor-view.ts';
import { type Head, NO_HASH } from './chain.ts';
import type { Break } from './finding.ts';
import type { Keyring, Mac } from './mac.ts';
import { checkSeal, sealHead } from './seal.ts';

/** The key of its row. No person and no part of the service is called so. */
export const MARK = 'countersign:audit-mark';

/**
 * Each region of several has a bucket of its own, so its anchors are counted by a mark of its own. The first home's is the
 * plain one, because it had anchors before there was another region.
 */
const markOf = (region: string | undefined): string => (region === undefined ? MARK : `${MARK} ${region}`);

export const isMark = (userId: string): boolean => userId === MARK || userId.startsWith(`${MARK} `);

/** The region of the mark of a service that runs in one of several; undefined for the first home, and where there is one. */
export const markRegion = ({
  HOME_REGION,
  AWS_REGION,
}: {
  readonly HOME_REGION?: string | undefined;
  readonly AWS_REGION?: string | undefined;
}): string | undefined => (HOME_REGION === undefined || HOME_REGION === AWS_REGION ? undefined : AWS_REGION);

export interface Mark {
  /** Number of the newest anchor; where there are none, how many records were ever appended when last looked. */
  readonly number: number;
  /** Hash of the newest anchor; zeros where there is none. */
  readonly hash: string;
  /** ISO time of that anchor, or of the mark itself. */
  readonly time: string;
  /** Epoch milliseconds until which heads that were written before heads were signed are taken over. */
  readonly unsignedUntil: number;
}

/** How many anchors the mark knows of. */
export const anchorsOf = (mark: Mark | undefined): number =>
  mark === undefined || mark.hash === NO_HASH ? 0 : mark.number;

/** recordExpires 0: a version that does not know marks takes it for the head of a chain that has expired. */
export const markRow = (mac: Mac, { number, hash, time, unsignedUntil }: Mark, region?: string): Promise<Head> =>
  sealHead(
    mac,
    { userId: markOf(region), sequence: number, hash, timestamp: time, recordExpires: 0 },
    Math.floor(unsignedUntil / 1000),
  );

export interface MarkCheck {
  readonly mark?: Mark;
  readonly breaks: readonly Break[];
}

export const readMark = async (tables: Pick<TableReader, 'get'>, keys: Keyring, region?: string) => {
  const row = await tables.get('audit-heads', { userId: markOf(region) });
  if (row === undefined) return { row };
  const verdict = await checkSeal(keys, row);
  if (verdict.kind !== 'valid') return { row, verdict: verdict.kind };
  const { sequence: number, hash, timestamp: time } = row;
  return { row, mark: { number, hash, time, unsignedUntil: verdict.from * 1000 } };
};

/** Holds the mark and the anchors against each other. */
export const checkMark = async (
  tables: TableReader,
  keys: Keyring,
  anchors: AnchorView | undefined,
  region?: string,
): Promise<MarkCheck> => {
  const { row, mark, verdict } = await readMark(tables, keys, region);
  const breaks: Break[] = (anchors?.problems ?? []).map(({ number, detail }) => ({
    partition: 'anchors',
    sequence: number,
    kind: 'anchor',
    detail,
  }));
  const broken = (detail: string, sequence = 0) =>
    breaks.push({ partition: MARK, sequence, kind: 'forged-head', detail });
  const newest = anchors?.newest?.number ?? 0;
  if (row === undefined && newest > 0) broken('the mark is gone although there are anchors');
  if (verdict !== undefined) broken(verdict === 'other-key' ? 'signed with another ENCRYPTION_KEY' : 'forged');
  if (mark === undefined) return { breaks };
  if (anchors !== undefined && anchorsOf(mark) > newest)
    breaks.push({
      partition: 'anchors',
      sequence: mark.number,
      kind: 'anchor',
      detail: `${anchors.place} has ${newest === 0 ? 'none' : `only ${newest}`}, and the service wrote ${mark.number}`,
    });
  const differs = anchorsOf(mark) > 0 && mark.number === anchors?.last.number && mark.hash !== anchors.last.hash;
  if (differs) broken(`anchor ${newest} is another than the service wrote`, newest);
  return { mark, breaks };
};

/**
 * Until when unsigned heads are taken over: what the anchors say, else the mark. Where there is neither, no task with
 * signatures has run yet, unless some head is signed: then the mark was taken away.
 */
export const unsignedUntil = async (
  tables: TableReader,
  keys: Keyring,
  { mark }: MarkCheck,
  anchors: AnchorView | undefined,
): Promise<number> => {
  const told = anchors?.unsignedUntil ?? mark?.unsignedUntil;
  if (told !== undefined) return told;
  let cursor: string | undefined;
  do {
    const page = await tables.scan('audit-heads', { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const head of page.items) if ((await checkSeal(keys, head)).kind !== 'absent') return 0;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return Number.POSITIVE_INFINITY;
};
