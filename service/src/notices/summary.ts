/** The summary of an hour or a day: counts of what waits and of what was done, as far as its reader may see it. */
import { plural } from '../measures/words.ts';
import type { Operation, Status } from '../operations/operation.ts';
import type { Seen } from '../operations/seen.ts';
import type { ComposeParts } from './parts.ts';
import type { Reader } from './readers.ts';
import type { NoticeFact, Telling } from './telling.ts';
import { timeWords } from './time-words.ts';
import type { NoticeCause } from './work.ts';

type Summary = Extract<NoticeCause, { of: 'summary' }>;

const PAGE = 100;
/** Operations that one summary reads. Beyond them it says that there are more. */
const MOST_READ = 2000;
const HOUR_MS = 3_600_000;

const lines: readonly { readonly label: string; readonly statuses: readonly Status[] }[] = [
  { label: 'Applied', statuses: ['applied', 'partially-applied', 'reverted'] },
  { label: 'Denied', statuses: ['denied'] },
  { label: 'Expired', statuses: ['expired'] },
  { label: 'Failed', statuses: ['failed'] },
];

/** When it came to its end: a later revert writes the record again. */
const endedAt = ({ result, updatedAt }: Operation): string => result?.appliedAt ?? updatedAt;

interface Counted {
  readonly count: number;
  /** Not all were read. */
  readonly atLeast: boolean;
}

type Told = (operation: Operation) => boolean;

/** What a reader is told of: what their own team asked for. Admins, channels and people of no team are told of everybody's. */
const toldTo = async (
  { directory }: Pick<ComposeParts, 'directory'>,
  { person, scopes }: Reader,
): Promise<Told | undefined> => {
  const team = person?.team;
  if (team === undefined || scopes.has('admin')) return undefined;
  const members = new Set((await directory.all()).flatMap((one) => (one.team === team ? one.personId : [])));
  return ({ requester }) => members.has(requester.personId);
};

const countOf = async (
  seen: Seen,
  statuses: readonly Status[],
  { from, to }: Pick<Summary, 'from' | 'to'>,
  { oldest, isTold }: { readonly oldest: string; readonly isTold: Told },
): Promise<Counted> => {
  let count = 0;
  let cursor: string | undefined;
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const page = await seen.recent({ statuses, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    count += page.items
      .filter((operation) => endedAt(operation) >= from && endedAt(operation) < to)
      .filter(isTold).length;
    const last = page.items.at(-1);
    if (page.cursor === undefined || last === undefined || last.createdAt < oldest) return { count, atLeast: false };
    cursor = page.cursor;
  }
  return { count, atLeast: true };
};

const words = ({ count, atLeast }: Counted): string => `${atLeast ? 'at least ' : ''}${plural(count, 'change')}`;

/** Undefined where nothing waits and nothing was done: an empty summary teaches people not to read it. */
export const summaryTelling = async (
  { pipeline, directory, publicUrl, zone, approvalHours, now }: ComposeParts,
  { every, from, to }: Summary,
  reader: Reader,
): Promise<Telling | undefined> => {
  const seen = pipeline.seenBy(reader);
  const ofTeam = await toldTo({ directory }, reader);
  const isTold = ofTeam ?? (() => true);
  const all = await seen.waiting();
  const waits = all.filter(isTold);
  // What was asked for before this cannot have ended in the time that is told of.
  const oldest = new Date(Date.parse(from) - approvalHours * HOUR_MS - HOUR_MS).toISOString();
  const counted = await Promise.all(
    lines.map(async ({ label, statuses }) => ({
      label,
      ...(await countOf(seen, statuses, { from, to }, { oldest, isTold })),
    })),
  );
  if (waits.length === 0 && counted.every(({ count }) => count === 0)) return undefined;
  const facts: readonly NoticeFact[] = [
    { label: 'Waiting for an answer', value: words({ count: waits.length, atLeast: all.length >= PAGE }) },
    ...counted.filter(({ count }) => count > 0).map(({ label, ...one }) => ({ label, value: words(one) })),
    { label: 'Since', value: timeWords(from, zone) },
  ];
  return {
    type: `summary.${every}`,
    headline: `Changes of the last ${every}${ofTeam === undefined ? '' : ' in your team'}`,
    facts,
    link: {
      label: waits.length > 0 ? 'See what waits' : 'See the changes',
      href: `${publicUrl}/${waits.length > 0 ? 'approvals' : 'operations'}`,
    },
    at: now().toISOString(),
  };
};
