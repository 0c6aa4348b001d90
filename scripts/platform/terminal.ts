/**
 * The two streams of a command: results on standard output, everything else on standard error. While something lasts,
 * standard error shows it: on a terminal one line that is written over, in a pipe a line that grows by a dot a second.
 */
import { stripVTControlCharacters } from 'node:util';

/** A stream of the process, as far as it is used. */
export interface Stream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Called with how far it is, such as "12 of 151". */
export type Tell = (where: string) => void;

export interface Progress {
  /** Shows `what` from now until `work` settles, and then how long it took. */
  during<T>(what: string, work: (tell: Tell) => Promise<T>): Promise<T>;
}

export interface Terminal extends Progress {
  out(line: string): void;
  err(line: string): void;
}

interface Step {
  readonly what: string;
  readonly since: number;
  where: string;
}

const SECOND = 1000;
/** Dots of a minute; then a line is full. */
const MOST_DOTS = 60;
const CLEAR = '\r\u001B[2K';

/** Such as 0.4 s, 12 s, 3 min 5 s. */
export const duration = (milliseconds: number): string => {
  const seconds = milliseconds / SECOND;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
};

const since = (step: Step): string => duration(Date.now() - step.since);
const textOf = ({ what, where }: Step): string => (where === '' ? what : `${what}: ${where}`);

class StandardStreams implements Terminal {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  /** The innermost is shown. */
  readonly #steps: Step[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Dots on the line that is not finished; undefined where the line is. */
  #dots: number | undefined;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  out(line: string): void {
    this.#breakLine(this.#stdout.isTTY === true);
    this.#stdout.write(`${line}\n`);
    this.#draw();
  }

  err(line: string): void {
    this.#breakLine(true);
    this.#stderr.write(`${line}\n`);
    this.#draw();
  }

  async during<T>(what: string, work: (tell: Tell) => Promise<T>): Promise<T> {
    const step: Step = { what, since: Date.now(), where: '' };
    this.#breakLine(true);
    this.#steps.push(step);
    if (this.#stderr.isTTY === true) this.#draw();
    else this.#begin(what);
    this.#timer ??= setInterval(() => this.#tick(), SECOND).unref();
    let ended = 'failed after ';
    try {
      const result = await work((where) => {
        step.where = where;
      });
      ended = '';
      return result;
    } finally {
      this.#end(step, `${ended}${since(step)}`);
    }
  }

  #end(step: Step, how: string): void {
    // Of steps beside each other only the last has begun a line.
    if (this.#steps.at(-1) !== step) this.#breakLine(true);
    this.#steps.splice(this.#steps.indexOf(step), 1);
    if (this.#stderr.isTTY === true) this.#stderr.write(`${CLEAR}${textOf(step)}  ${how}\n`);
    else if (this.#dots === undefined) this.#stderr.write(`${textOf(step)}: ${how}\n`);
    else this.#stderr.write(`${this.#dots > 0 ? ' ' : ''}${step.where === '' ? '' : `${step.where}, `}${how}\n`);
    this.#dots = undefined;
    if (this.#steps.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#draw();
  }

  #begin(text: string): void {
    this.#stderr.write(`${text} `);
    this.#dots = 0;
  }

  #tick(): void {
    const step = this.#steps.at(-1);
    if (step === undefined) return;
    if (this.#stderr.isTTY === true) {
      this.#draw();
      return;
    }
    if (this.#dots !== undefined && this.#dots >= MOST_DOTS) this.#breakLine(true);
    if (this.#dots === undefined) this.#begin(`${textOf(step)} (${since(step)})`);
    this.#stderr.write('.');
    this.#dots = (this.#dots ?? 0) + 1;
  }

  /** On a terminal: the step that lasts, cut to one line. */
  #draw(): void {
    const step = this.#steps.at(-1);
    if (step === undefined || this.#stderr.isTTY !== true) return;
    const text = stripVTControlCharacters(`${textOf(step)}  ${since(step)}`);
    this.#stderr.write(`${CLEAR}${text.slice(0, (this.#stderr.columns || 80) - 1)}`);
  }

  /** Before a line of something else. */
  #breakLine(isShared: boolean): void {
    if (this.#stderr.isTTY === true) {
      if (isShared && this.#steps.length > 0) this.#stderr.write(CLEAR);
      return;
    }
    if (this.#dots === undefined) return;
    this.#stderr.write('\n');
    this.#dots = undefined;
  }
}

export const openTerminal = (stdout: Stream, stderr: Stream): Terminal => new StandardStreams(stdout, stderr);
