/** Looks at every head: are they signed, and did any go back or away since they were last seen? */
import type { TableEngine } from '../ports/tables.ts';
import type { AnchoredPins } from './anchor-view.ts';
import type { Head } from './chain.ts';
import type { Keyring } from './mac.ts';
import { isMark } from './mark.ts';
import { checkSeal, sealHead } from './seal.ts';
import { Walk } from './walk.ts';

export interface HeadsParts {
  readonly tables: TableEngine;
  readonly keys: Keyring;
  readonly retentionDays: number;
  readonly now: () => Date;
}

export interface HeadsSeen {
  /** Of every chain, what was seen last that was right. */
  readonly pins: AnchoredPins;
  /** Chains whose pin is new. */
  readonly moved: readonly string[];
  /** Chains that are not as they were left, with the reason. */
  readonly broken: ReadonlyMap<string, string>;
}

export const allHeads = async (tables: TableEngine): Promise<Head[]> => {
  const heads: Head[] = [];
  let cursor: string | undefined;
  do {
    const page = await tables.scan('audit-heads', { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    heads.push(...page.items.filter(({ userId }) => !isMark(userId)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return heads;
};

/** Signs a head that was written before heads were signed, once its whole chain was read. Says what hinders it. */
const adopt = async (parts: HeadsParts, head: Head, pins: AnchoredPins): Promise<Head | string> => {
  const { tables, keys, retentionDays, now } = parts;
  const at = Math.floor(now().getTime() / 1000);
  const pin = pins.get(head.userId);
  const trust = {
    keys,
    at,
    retentionDays,
    unsigned: 'adopt',
    pins: pin === undefined ? [] : [{ ...pin, by: 'an anchor' }],
  } as const;
  const walk = new Walk(tables.withExpired(), head.userId, trust);
  const finding = await walk.run();
  if (finding !== undefined) return `record ${finding.sequence} ${finding.kind}: ${finding.detail}`;
  const signed = await sealHead(keys[0], head, 1);
  const { sequence, hash, signature } = head;
  // Moved in the meantime: its turn comes again.
  return (await tables.put('audit-heads', signed, { sequence, hash, signature })) ? signed : head;
};

const wentBack = ({ sequence, hash }: Head, pin: { sequence: number; hash: string } | undefined): boolean =>
  pin !== undefined && (sequence < pin.sequence || (sequence === pin.sequence && hash !== pin.hash));

const reasons = { absent: 'its head has no signature', wrong: 'the signature of its head is wrong' } as const;

/** What its head vouches for, or what is wrong with it. */
const judge = async (parts: HeadsParts, head: Head, pins: AnchoredPins, open: boolean): Promise<number | string> => {
  const pin = pins.get(head.userId);
  if (wentBack(head, pin)) return `it went back to record ${head.sequence} from ${pin?.sequence}`;
  let verdict = await checkSeal(parts.keys, head);
  const young = verdict.kind === 'valid' ? verdict.from > 1 : verdict.kind !== 'other-key';
  if (open && young) {
    const adopted = await adopt(parts, head, pins);
    if (typeof adopted === 'string') return adopted;
    verdict = await checkSeal(parts.keys, adopted);
  }
  if (verdict.kind === 'absent' || verdict.kind === 'wrong') return reasons[verdict.kind];
  // Signed before ENCRYPTION_KEY changed: it stands, but only the key of then can say for what.
  return verdict.kind === 'valid' ? verdict.from : head.sequence + 1;
};

/** @param open heads without a signature are taken over, because they may be from before heads were signed */
export const lookAtHeads = async (
  parts: HeadsParts,
  heads: readonly Head[],
  before: AnchoredPins,
  open: boolean,
): Promise<HeadsSeen> => {
  const pins = new Map(before);
  const moved: string[] = [];
  const broken = new Map<string, string>();
  const gone = new Set(before.keys());
  for (const head of heads) {
    const { userId, sequence, hash } = head;
    gone.delete(userId);
    const from = await judge(parts, head, before, open);
    if (typeof from === 'string') {
      broken.set(userId, from);
      continue;
    }
    const pin = before.get(userId);
    if (pin?.sequence === sequence && pin.from === from) continue;
    pins.set(userId, { sequence, hash, from });
    moved.push(userId);
  }
  for (const userId of gone) broken.set(userId, 'its head is gone');
  return { pins, moved, broken };
};
