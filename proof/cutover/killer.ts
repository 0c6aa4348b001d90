/** Stands between the command and the emulator, and kills the command with SIGKILL right after it has done something. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { Run, stateText } from '../../scripts/operate/cutover/run.ts';
import { startRelay } from './relay.ts';

export interface Killer {
  /** In place of the emulator's address. */
  readonly url: string;
  /** What the command did so far, each once. */
  readonly done: readonly string[];
  /** What it was killed after. */
  readonly killed: readonly string[];
  /** Whom to kill from now on. */
  aim(kill: () => void): void;
  stop(): Promise<void>;
}

const Wrote = Run.pick({ state: true, share: true });
const Counted = z.object({ service: z.string(), desiredCount: z.number() });

/** The name of what a request changes; undefined where it changes nothing that a cutover is about. */
const changeOf = ({ method, url = '', headers }: IncomingMessage, body: string): string | undefined => {
  if (method === 'PUT' && url.includes('.cutover.json')) return stateText(Wrote.parse(JSON.parse(body)));
  if (body.includes('Action=ModifyRule')) return 'ModifyRule';
  if (!String(headers['x-amz-target']).endsWith('.UpdateService')) return undefined;
  const { service, desiredCount } = Counted.parse(JSON.parse(body));
  return `UpdateService ${service} ${desiredCount}`;
};

export interface KillerOptions {
  /** Where the emulator's API listens. */
  readonly target: string;
  /** Whether it is killed after a change, the first time it is done: a state of the run, ModifyRule, UpdateService. */
  readonly after: (change: string) => boolean;
  /** Told of each change, the first time it is done. */
  readonly onDone: (change: string) => void;
}

export const startKiller = async ({ target, after, onDone }: KillerOptions): Promise<Killer> => {
  const done: string[] = [];
  const killed: string[] = [];
  let kill = (): void => {};
  const relay = await startRelay(target, ({ request, body, status, text }) => {
    const change = changeOf(request, body);
    if (change === undefined || status !== 200 || done.includes(change)) return text;
    done.push(change);
    onDone(change);
    if (!after(change)) return text;
    killed.push(change);
    // The change is made, but the command never gets the answer.
    kill();
    return undefined;
  });
  return {
    url: relay.url,
    done,
    killed,
    aim: (whom) => {
      kill = whom;
    },
    stop: () => relay.stop(),
  };
};
