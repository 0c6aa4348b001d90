/** Which region may write. Everything that writes durable state asks here first, and is refused elsewhere. */
import type { Logger } from 'pino';
import { HOME_FRESH_MS, type Home } from '../../../contracts/home.ts';
import { CountersignError } from '../errors.ts';

/** The home record as the regions have it. Its replicas may differ for as long as replication takes. */
export interface HomeRegister {
  /** This region's replica, read consistently. Undefined: nobody moved the home yet. @throws when it does not answer */
  read(): Promise<Home | undefined>;
  /** The replicas of other regions that answer within a second; none of those that do not. */
  readElsewhere(): Promise<readonly (Home | undefined)[]>;
  close(): Promise<void> | void;
}

/** What this process knows of the home. */
export interface HomeWatch {
  /** The region this process runs in. */
  readonly region: string;
  /** As last read, without asking. */
  readonly seen: Home;
  /** Whether this region was the home when last read. For choosing what to do; `permit` is what a write needs. */
  isHome(): boolean;
  /**
   * The epoch under which this region may write, read within HOME_FRESH_MS.
   * @throws not_home naming the home region; store_unavailable where the record cannot be read
   */
  permit(): Promise<number>;
  /** Reads now. @throws store_unavailable */
  look(): Promise<Home>;
  close(): Promise<void>;
}

export interface HomeParts {
  readonly register: HomeRegister;
  readonly region: string;
  /** The home until somebody moved it: HOME_REGION. */
  readonly initial: string;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

export const notHome = (home: Home, region: string): CountersignError =>
  new CountersignError(
    'not_home',
    `This is ${region}, which only reads: changes, sign-ins and tokens are made in the home region ${home.region}. Use it there, or move the home: npm run failover.`,
    { details: { home_region: home.region, region, epoch: home.epoch } },
  );

/** Two moves at once, each in its own region: neither region may write until the replicas agree. */
const contested = (home: Home, region: string): CountersignError =>
  new CountersignError(
    'not_home',
    `The home region was moved to two regions at once (epoch ${home.epoch}), so nothing is written in ${region}. It settles by itself within a minute; see npm run failover.`,
    { details: { home_region: home.region, region, epoch: home.epoch } },
  );

class Watch implements HomeWatch {
  readonly region: string;
  readonly #parts: HomeParts;
  #seen: Home;
  #contested = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<Home> | undefined;

  constructor(parts: HomeParts) {
    this.#parts = parts;
    this.region = parts.region;
    this.#seen = { region: parts.initial, epoch: 0 };
  }

  get seen(): Home {
    return this.#seen;
  }

  isHome(): boolean {
    return this.#seen.region === this.region && !this.#contested;
  }

  async permit(): Promise<number> {
    if (this.#parts.now().getTime() - this.#readAt >= HOME_FRESH_MS) await this.look();
    if (this.#contested) throw contested(this.#seen, this.region);
    if (!this.isHome()) throw notHome(this.#seen, this.region);
    return this.#seen.epoch;
  }

  look(): Promise<Home> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Home> {
    const { register, now, log, initial } = this.#parts;
    // Counted from before the question, because the answer may be as old as that.
    const asked = now().getTime();
    const found = await Promise.all([register.read(), register.readElsewhere()]).catch((cause: unknown) => {
      throw new CountersignError('store_unavailable', 'The home region cannot be read. Try again in a moment.', {
        cause,
      });
    });
    const all = [found[0], ...found[1]].map((home) => home ?? { region: initial, epoch: 0 });
    // A replica that lags never takes back what was seen, here or before.
    const newest = all.reduce((best, home) => (home.epoch > best.epoch ? home : best), this.#seen);
    const before = this.#seen;
    this.#seen = newest;
    this.#contested = all.some((home) => home.epoch === newest.epoch && home.region !== newest.region);
    this.#readAt = asked;
    if (this.#contested) log.warn({ home: all }, 'two regions were made the home at once');
    if (before.epoch !== newest.epoch) log.info({ home: newest, region: this.region }, 'the home region moved');
    return newest;
  }

  async close(): Promise<void> {
    await this.#parts.register.close();
  }
}

export const watchHome = (parts: HomeParts): HomeWatch => new Watch(parts);
