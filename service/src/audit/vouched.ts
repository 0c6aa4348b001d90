/** Whether the service vouches for a chain that is whole in itself: anybody who can write the table can make one. */
import type { Head } from './chain.ts';
import type { AuditFinding, Pin } from './finding.ts';
import type { Keyring } from './mac.ts';
import type { AuditRecord } from './record.ts';
import { checkSeal, type Verdict } from './seal.ts';

/** What a chain is held against. Nothing here comes from the tables that are verified. */
export interface Trust {
  readonly keys: Keyring;
  /** Epoch seconds. */
  readonly at: number;
  readonly retentionDays: number;
  /** Records seen elsewhere, with the words for where. `from`: their head was signed then. */
  readonly pins: readonly (Pin & { readonly by: string; readonly from?: number | undefined })[];
  /**
   * What to make of a head without a signature of ours. refuse: it was tampered with. accept: heads are not signed yet
   * here, so it counts if its chain begins with the first record. adopt: the same, also if earlier records have expired.
   */
  readonly unsigned: 'refuse' | 'accept' | 'adopt';
}

/** The head before a record that took it over from another key, or from none. */
export type Boundary = Head;

const reasons: Readonly<Record<Exclude<Verdict['kind'], 'valid'>, Omit<AuditFinding, 'sequence'>>> = {
  absent: { kind: 'unsigned', detail: 'its head has no signature' },
  wrong: { kind: 'forged-head', detail: 'the signature of its head is wrong' },
  'other-key': {
    kind: 'unsigned',
    detail: 'its head was signed with another ENCRYPTION_KEY; give that one too, with --old-key-file',
  },
};

const expiredByRule = ({ timestamp, recordExpires }: Head, { at, retentionDays }: Trust): boolean =>
  recordExpires !== undefined && recordExpires <= at && Date.parse(timestamp) / 1000 + retentionDays * 86_400 <= at;

const onlyHead = (sequence: number): AuditFinding => ({ sequence, kind: 'missing', detail: 'only the head is left' });

/** A head that nobody signed, where that need not be tampering. Once seen signed, it has to be for ever. */
const notYet = (trust: Trust, head: Head, first: AuditRecord | undefined): AuditFinding | 'not-yet' | undefined => {
  const { unsigned, pins } = trust;
  if (unsigned === 'refuse' || pins.some(({ from, sequence }) => from !== undefined && sequence >= head.sequence))
    return undefined;
  if (first === undefined) return expiredByRule(head, trust) ? 'not-yet' : onlyHead(head.sequence);
  const begins = first.sequence === 1 || pins.some(({ sequence }) => sequence === first.sequence - 1);
  return begins || unsigned === 'adopt'
    ? 'not-yet'
    : {
        sequence: first.sequence,
        kind: 'unproven',
        detail: 'nothing that is signed says that the records before it have expired',
      };
};

/**
 * @param first the first record that is left, if any
 * @param boundaries heads that were taken over, by the first record after each
 */
export const checkVouched = async (
  trust: Trust,
  head: Head,
  first: AuditRecord | undefined,
  boundaries: ReadonlyMap<number, Boundary>,
): Promise<AuditFinding | 'vouched' | 'not-yet'> => {
  let at: Head = head;
  for (;;) {
    const verdict = await checkSeal(trust.keys, at);
    if (verdict.kind !== 'valid') {
      const early = verdict.kind === 'other-key' ? undefined : notYet(trust, at, first);
      return early ?? { sequence: at.sequence, ...reasons[verdict.kind] };
    }
    if (first === undefined)
      return head.recordExpires !== undefined && head.recordExpires <= trust.at ? 'vouched' : onlyHead(head.sequence);
    if (verdict.from <= first.sequence) return 'vouched';
    const before = boundaries.get(verdict.from);
    if (before === undefined || before.sequence >= at.sequence)
      return { sequence: verdict.from - 1, kind: 'unsigned', detail: 'no signature vouches for it' };
    at = before;
  }
};
