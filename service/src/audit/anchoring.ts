/** Periodic work: signs what is not signed yet, looks for heads that were tampered with, and anchors the heads. */
import type { Logger } from 'pino';
import type { Metrics } from '../ports/metrics.ts';
import { type AnchoredHead, hashOfAnchor, writeAnchor } from './anchor.ts';
import { type AnchorView, viewAnchors } from './anchor-view.ts';
import type { Anchors } from './anchors.ts';
import { NO_HASH } from './chain.ts';
import { allHeads, type HeadsParts, type HeadsSeen, lookAtHeads } from './heads-seen.ts';
import { anchorsOf, type Mark, markRow, readMark } from './mark.ts';

/** Milliseconds between two anchors. */
export const ANCHOR_MS = 300_000;
/** How long after the first look tasks of a version that does not sign may go on writing, as during a cutover. */
const UNSIGNED_MS = 86_400_000;
/** Anchors of about three days; the last complete one is among them. */
const RECENT = 1000;

export interface AnchoringParts extends HeadsParts {
  /** Absent where there is nowhere to put them: heads are then signed and not anchored. */
  readonly anchors?: Anchors | undefined;
  /** See markRegion. */
  readonly region?: string | undefined;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export interface Anchoring {
  /**
   * Anchors the heads that moved, once in ANCHOR_MS whatever number of tasks asks.
   * @param now also if it was done for this time: when a task starts or stops
   * @throws when the tables or the anchors are away
   */
  run(now?: 'now'): Promise<void>;
}

type MarkRow = Awaited<ReturnType<typeof readMark>>['row'];

const nowhere = { place: '', last: { number: 0, hash: NO_HASH }, pins: new Map(), problems: [] } as const;
const occurrenceOf = (time: Date): number => Math.floor(time.getTime() / ANCHOR_MS);
const dayOf = (time: string | undefined): string | undefined => time?.slice(0, 10);

class AnchoringWork implements Anchoring {
  readonly #parts: AnchoringParts;
  #view: AnchorView | undefined;

  constructor(parts: AnchoringParts) {
    this.#parts = parts;
  }

  async run(now?: 'now'): Promise<void> {
    try {
      await this.#run(now === 'now');
    } catch (error) {
      this.#count('failed');
      throw error;
    }
  }

  async #run(always: boolean): Promise<void> {
    const { tables, keys, anchors, log, region } = this.#parts;
    const time = this.#parts.now();
    const { row, mark } = await readMark(tables, keys, region);
    const done =
      anchors !== undefined && mark !== undefined && occurrenceOf(new Date(mark.time)) === occurrenceOf(time);
    if (done && !always) return;
    const view = await this.#look(mark);
    const heads = await allHeads(tables);
    // A region that takes over continues signing; the first home's mark says since when heads are signed.
    const first = mark === undefined && region !== undefined ? (await readMark(tables, keys)).mark : mark;
    const until = view.unsignedUntil ?? first?.unsignedUntil ?? (await this.#begin(heads.length > 0, time));
    const seen = await lookAtHeads(this.#parts, heads, view.pins, time.getTime() < until);
    if (seen.broken.size > 0) {
      this.#count('broken', seen.broken.size);
      log.error({ chains: Object.fromEntries(seen.broken) }, 'the audit log was tampered with; run audit:verify');
    }
    const next = await this.#anchor(view, seen, until, time);
    if (next === undefined) return;
    this.#view = next;
    await this.#mark(next, until, time, row, mark);
  }

  /** What the anchors say, read anew where another task has added to them. */
  async #look(mark: Mark | undefined): Promise<AnchorView> {
    const { anchors, keys } = this.#parts;
    if (anchors === undefined) return this.#view ?? nowhere;
    if (this.#view !== undefined && (await anchors.numbers(this.#view.last.number)).length === 0) return this.#view;
    const after = Math.max(0, anchorsOf(mark) - RECENT);
    const recent = await viewAnchors(anchors, keys, after);
    const view = recent.completeAt === undefined && after > 0 ? await viewAnchors(anchors, keys) : recent;
    if (view.problems.length > 0) {
      this.#count('broken', view.problems.length);
      this.#parts.log.error({ anchors: view.problems }, 'anchors of the audit log are not as they were written');
    }
    return view;
  }

  /** Nothing was ever signed here: what stands in the store by now may be taken over for a day. */
  async #begin(used: boolean, time: Date): Promise<number> {
    if (!used) return time.getTime();
    this.#parts.log.warn({}, 'audit heads are signed from now on; those of before are taken over for a day');
    return time.getTime() + UNSIGNED_MS;
  }

  /** Writes one if a head moved. Undefined when another task was quicker: its anchor has what there is to say. */
  async #anchor(view: AnchorView, seen: HeadsSeen, until: number, now: Date): Promise<AnchorView | undefined> {
    const { anchors, keys } = this.#parts;
    const { pins, moved } = seen;
    const known = { ...view, pins, unsignedUntil: until };
    if (anchors === undefined) return known;
    const first = view.last.number === 0;
    if (moved.length === 0 && !first) {
      this.#count('unchanged');
      return known;
    }
    const number = view.last.number + 1;
    const time = now.toISOString();
    const complete = dayOf(view.completeAt) !== dayOf(time);
    const named = [...pins].filter(([partition]) => complete || moved.includes(partition));
    const heads = Object.fromEntries(
      named.map(([partition, { sequence, hash, from }]): [string, AnchoredHead] => [partition, [sequence, hash, from]]),
    );
    const previous = view.last.hash;
    const unsignedUntil = new Date(until).toISOString();
    const text = await writeAnchor(keys[0], { version: 1, number, previous, time, complete, heads, unsignedUntil });
    if (!(await anchors.create(number, text))) return undefined;
    this.#count('written');
    return {
      ...known,
      newest: { number, time },
      last: { number, hash: hashOfAnchor(text) },
      ...(complete && { completeAt: time }),
    };
  }

  /** Moves the mark on, never back. */
  async #mark(view: AnchorView, until: number, now: Date, row: MarkRow, before: Mark | undefined): Promise<void> {
    const { tables, keys, anchors, region } = this.#parts;
    const appended = [...view.pins.values()].reduce((sum, { sequence }) => sum + sequence, 0);
    const { number, hash } = anchors === undefined ? { number: appended, hash: NO_HASH } : view.last;
    // Where there were anchors once, a task that is told of none must not make them forgotten.
    const known = anchors === undefined ? (before?.number ?? -1) : anchorsOf(before);
    if (before !== undefined && (known >= number || (anchors === undefined && anchorsOf(before) > 0))) return;
    const time = anchors === undefined ? now.toISOString() : (view.newest?.time ?? now.toISOString());
    const next = await markRow(keys[0], { number, hash, time, unsignedUntil: until }, region);
    // Lost to another task: the next run writes it, since what was seen says more than the mark.
    if (row === undefined) await tables.insert('audit-heads', next);
    else await tables.put('audit-heads', next, { sequence: row.sequence, signature: row.signature });
  }

  #count(outcome: 'written' | 'unchanged' | 'broken' | 'failed', value = 1): void {
    this.#parts.metrics.count('AuditAnchors', { Outcome: outcome }, value);
  }
}

export const openAnchoring = (parts: AnchoringParts): Anchoring => new AnchoringWork(parts);
