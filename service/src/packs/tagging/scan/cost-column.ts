/** What each resource of a slice costs, in nine bytes a resource. */
import { costSources, type ResourceCost } from '../cost/costs.ts';

export class CostColumn {
  readonly #usd: Float64Array;
  readonly #source: Uint8Array;

  constructor(count: number) {
    this.#usd = new Float64Array(count).fill(Number.NaN);
    this.#source = new Uint8Array(count);
  }

  set(at: number, { usd, source }: ResourceCost): void {
    this.#usd[at] = usd;
    this.#source[at] = costSources.indexOf(source);
  }

  at(index: number): ResourceCost | null {
    const usd = this.#usd[index];
    const source = costSources[this.#source[index] ?? -1];
    return usd === undefined || Number.isNaN(usd) || source === undefined ? null : { usd, source };
  }
}
