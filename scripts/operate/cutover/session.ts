/** One process at work on one run: every change of the record is written before and after what it is about. */
import { OperatorProblem } from '../../platform/problem.ts';
import { standingOf } from './next.ts';
import type { Live, Ports, Standing } from './ports.ts';
import { type Run, stateText, weightsText } from './run.ts';
import { type Kept, RunMoved, type RunStore } from './store.ts';

/** Traffic has to go back to the old variant. */
export class GoBack extends Error {
  override readonly name = 'GoBack';
}

/** Somebody else set the weights: nothing is touched any more. */
export class Foreign extends Error {
  override readonly name = 'Foreign';
  readonly live: Live;
  constructor(live: Live) {
    super(`weights that no run wrote: ${weightsText(live.weights)}${live.odd === undefined ? '' : `, ${live.odd}`}`);
    this.live = live;
  }
}

/** Not now: `resume` goes on. */
export class ComeBack extends Error {
  override readonly name = 'ComeBack';
}

/** Another process goes on with the run: this one touches nothing any more. */
export class TakenOver extends OperatorProblem {
  constructor(options: ErrorOptions) {
    super('Another process has taken this cutover over, so this one stops here and changes nothing.', options);
  }
}

export interface Pieces {
  readonly store: RunStore;
  readonly ports: Ports;
  readonly say: (line: string) => void;
  /** Aborted when the operator, or the machine, wants to stop. */
  readonly stop?: AbortSignal | undefined;
  /** p99 above which an alarm sounds, in milliseconds. */
  readonly alarmMs: number;
}

export class Session {
  readonly ports: Ports;
  readonly say: Pieces['say'];
  readonly alarmMs: number;
  /** Shows how far the present step is. */
  tell: (where: string) => void = () => {};
  readonly #store: RunStore;
  readonly #stop: AbortSignal | undefined;
  #kept: Kept;

  constructor({ store, ports, say, stop, alarmMs }: Pieces, kept: Kept) {
    this.ports = ports;
    this.say = say;
    this.alarmMs = alarmMs;
    this.#store = store;
    this.#stop = stop;
    this.#kept = kept;
  }

  get run(): Run {
    return this.#kept.run;
  }

  now(): Date {
    return this.ports.clock.now();
  }

  /** @throws TakenOver */
  async write(changes: Partial<Run>): Promise<Run> {
    const before = stateText(this.run);
    const run: Run = { ...this.run, ...changes, heartbeat: this.now().toISOString() };
    try {
      this.#kept = await this.#store.replace(run, this.#kept);
    } catch (error) {
      if (!(error instanceof RunMoved)) throw error;
      throw new TakenOver({ cause: error });
    }
    if (stateText(this.run) !== before) this.say(`${this.run.variants.new}: ${stateText(this.run)}`);
    return this.run;
  }

  /** Seconds from now by which the present step must be over. */
  deadlineIn(seconds: number): string {
    return new Date(this.now().getTime() + seconds * 1000).toISOString();
  }

  /** Whether the present step should be over. */
  isLate(): boolean {
    const { deadline } = this.run;
    return deadline !== undefined && this.now().getTime() > Date.parse(deadline);
  }

  /** @throws GoBack when somebody wants to stop */
  checkStop(): void {
    if (this.#stop?.aborted === true) throw new GoBack('it was interrupted');
  }

  /** @throws GoBack when somebody wants to stop meanwhile */
  async pause(seconds: number): Promise<void> {
    this.checkStop();
    await this.ports.clock.sleep(seconds, this.#stop);
    this.checkStop();
  }

  /** A heartbeat, then a pause. */
  async poll(seconds = this.run.pace.poll): Promise<void> {
    await this.write({});
    await this.pause(seconds);
  }

  /**
   * @throws Foreign where the live weights are none of the run's
   * @throws GoBack where they will not come about
   */
  async look(): Promise<{ readonly live: Live; readonly standing: Exclude<Standing, 'foreign'> }> {
    const live = await this.ports.way.live(this.run);
    const standing = standingOf(live, this.run);
    if (standing === 'foreign') throw new Foreign(live);
    if (live.failed !== undefined && this.run.state !== 'rolling-back') throw new GoBack(live.failed);
    return { live, standing };
  }

  /** As `look`. */
  async standing(): Promise<Exclude<Standing, 'foreign'>> {
    return (await this.look()).standing;
  }

  /** Seconds in which weights come about that are set now. */
  get patience(): number {
    return this.ports.way.patience?.(this.run) ?? 0;
  }

  /**
   * A step that the credentials do not outlive would leave nobody to roll it back.
   * @throws ComeBack
   */
  async needCredentials(seconds: number, step: string): Promise<void> {
    const needed = new Date(this.now().getTime() + seconds * 1000);
    const end = await this.ports.credentialsEnd(needed);
    if (end === undefined || end >= needed) return;
    throw new ComeBack(
      `The credentials end at ${end.toISOString()}, and ${step} may last until ${needed.toISOString()}: sign in again, then resume.`,
    );
  }
}
