/** How alerts were looked after in a period: how many there were, how soon somebody took them on, how soon they were over. */
import { medianOf, shownMinutes, shownOr, shownRatio } from '../analysis/figures.ts';
import type { AlertEvent } from '../model/event.ts';

const MINUTE_MS = 60_000;

export const statGroups = ['none', 'severity', 'site_code', 'element_type', 'name'] as const;
export type StatGroup = (typeof statGroups)[number];

export interface AlertStats {
  readonly raised: number;
  readonly changed: number;
  readonly cleared: number;
  readonly acknowledged: number;
  /** Posts that said nothing new. */
  readonly duplicates: number;
  /** Medians, in minutes, from the start: until somebody acknowledged, until it was over. Null: nobody did, nothing was. */
  readonly mtta_min: number | null;
  readonly mttr_min: number | null;
  /** duplicates / (duplicates + raised); 0 of nothing. */
  readonly noise_ratio: number;
}

class Counted {
  raised = 0;
  changed = 0;
  cleared = 0;
  duplicates = 0;
  readonly #untilAcknowledged: number[] = [];
  readonly #untilClear: number[] = [];

  add({ kind, duplicate, acknowledged, at, since }: AlertEvent): void {
    const minutes = since === undefined ? undefined : (Date.parse(at) - Date.parse(since)) / MINUTE_MS;
    if (kind === 'raise') {
      if (duplicate) this.duplicates += 1;
      else this.raised += 1;
    } else if (kind === 'clear') {
      this.cleared += 1;
      if (minutes !== undefined) this.#untilClear.push(minutes);
    } else if (acknowledged) {
      if (minutes !== undefined) this.#untilAcknowledged.push(minutes);
    } else this.changed += 1;
  }

  get stats(): AlertStats {
    const { raised, changed, cleared, duplicates } = this;
    const posts = duplicates + raised;
    return {
      ...{ raised, changed, cleared, duplicates },
      acknowledged: this.#untilAcknowledged.length,
      mtta_min: shownOr(medianOf(this.#untilAcknowledged), shownMinutes),
      mttr_min: shownOr(medianOf(this.#untilClear), shownMinutes),
      noise_ratio: posts === 0 ? 0 : shownRatio(duplicates / posts),
    };
  }
}

/** Takes events as they are read, in any order, each once. */
export class StatCounter {
  readonly #by: StatGroup;
  readonly #all = new Counted();
  readonly #groups = new Map<string, Counted>();

  constructor(by: StatGroup) {
    this.#by = by;
  }

  add(event: AlertEvent): void {
    this.#all.add(event);
    if (this.#by === 'none') return;
    const group = String(event[this.#by]);
    const counted = this.#groups.get(group) ?? new Counted();
    this.#groups.set(group, counted);
    counted.add(event);
  }

  get total(): AlertStats {
    return this.#all.stats;
  }

  /** The ones with most raises first. */
  get groups(): readonly (AlertStats & { readonly group: string })[] {
    return [...this.#groups]
      .map(([group, counted]) => ({ group, ...counted.stats }))
      .sort((a, b) => b.raised - a.raised || (a.group < b.group ? -1 : 1));
  }
}
