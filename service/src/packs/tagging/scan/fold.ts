/** What is counted of resources while they pass by, so that none of them needs to be kept. */
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import { poolOfType } from '../cost/cost-services.ts';
import type { JudgedResource } from './judged.ts';
import { isCompliant } from './judged.ts';
import type { Counts } from './score.ts';

/** Of judged resources. */
export interface Tally extends Counts {
  readonly errors: number;
  readonly warnings: number;
}

export interface Folded {
  /** Resources that exist, judged or not. */
  readonly seen: number;
  readonly all: Tally;
  readonly byAccount: ReadonlyMap<string, Tally>;
  readonly byRegion: ReadonlyMap<string, Tally>;
  /** Resources that exist per account, region and type. */
  readonly inventory: readonly (readonly [string, string, TaggableType, number])[];
  /** USD a month of an average running resource, per account and cost pool. */
  readonly averages: readonly (readonly [string, string, number])[];
}

const emptyTally = { total: 0, compliant: 0, errors: 0, warnings: 0 };

class Tallies {
  readonly found = new Map<string, Tally>();

  add(key: string, { errors, warnings }: JudgedResource): void {
    const { found } = this;
    const before = found.get(key) ?? emptyTally;
    found.set(key, {
      total: before.total + 1,
      compliant: before.compliant + (isCompliant({ errors }) ? 1 : 0),
      errors: before.errors + errors.length,
      warnings: before.warnings + warnings.length,
    });
  }
}

/** USD and holders of one cost pool in one account. */
interface Share {
  readonly account: string;
  readonly pool: string;
  usd: number;
  count: number;
}

export class Fold {
  readonly #all = new Tallies();
  readonly #byAccount = new Tallies();
  readonly #byRegion = new Tallies();
  readonly #inventory = new Map<string, [string, string, TaggableType, number]>();
  readonly #shares = new Map<string, Share>();
  #seen = 0;

  add(resource: JudgedResource): void {
    const { accountId, region, type } = resource;
    this.#seen += 1;
    const key = `${accountId} ${region} ${type}`;
    const place = this.#inventory.get(key) ?? [accountId, region, type, 0];
    place[3] += 1;
    this.#inventory.set(key, place);
    this.#addCost(resource);
    if (!resource.judged) return;
    this.#all.add('', resource);
    this.#byAccount.add(accountId, resource);
    this.#byRegion.add(region, resource);
  }

  #addCost({ accountId: account, type, cost }: JudgedResource): void {
    if (cost === null || cost.source === 'stopped') return;
    const pool = poolOfType(type) ?? type;
    const key = `${account} ${pool}`;
    const share = this.#shares.get(key) ?? { account, pool, usd: 0, count: 0 };
    share.usd += cost.usd;
    share.count += 1;
    this.#shares.set(key, share);
  }

  done(): Folded {
    return {
      seen: this.#seen,
      all: this.#all.found.get('') ?? emptyTally,
      byAccount: this.#byAccount.found,
      byRegion: this.#byRegion.found,
      inventory: [...this.#inventory.values()],
      averages: [...this.#shares.values()].map(({ account, pool, usd, count }) => [
        account,
        pool,
        Math.round((usd / count) * 100) / 100,
      ]),
    };
  }
}
