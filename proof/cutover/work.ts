/** All clients at work, turn after turn, until they are stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditPage, ask, Preview, Untagged } from '../../service/test/rigs/answers.ts';
import type { Agent } from '../../service/test/rigs/clients.ts';
import { connectPeople, type People, type Writer } from './people.ts';
import { Tally } from './tally.ts';
import { read, write } from './turns.ts';

export interface Work {
  readonly tally: Tally;
  /** A change that the writers may plan, as a call of its tool. */
  readonly change: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** What a resource's owner is, by the service. */
  ownersOf(arns: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What the audit log has of an operation, such as `write success`. */
  recordsOf(operationId: string): Promise<readonly string[]>;
  /** Lets each client finish its turn. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

/** How many resources are changed, each more than once. */
const RESOURCES = 40;

/** One resource a call: a preview of many is paged by its length too, and the last rows of 18 are on the next page. */
const ownersBy = async (agent: Agent, arns: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const owners = new Map<string, string>();
  for (const arn of arns) {
    const args = { resource_arns: [arn], tags: { Owner: 'nobody@example.com' } };
    const { preview } = await ask(agent, Preview, 'preview_bulk_tagging', args);
    const [found] = preview.resources;
    owners.set(arn, found?.current_tags.Owner ?? JSON.stringify(found));
  }
  return owners;
};

const recordsBy = async (agent: Agent, operation_id: string): Promise<readonly string[]> => {
  const { records } = await ask(agent, AuditPage, 'get_audit_log', { operation_id, limit: 50 });
  // Who was told of it is recorded too, whenever the message went out.
  const steps = records.toReversed().filter(({ tool }) => tool !== 'notices');
  return steps.map(({ action, result }) => `${action} ${result}`);
};

interface Working {
  readonly people: People;
  readonly arns: readonly string[];
  readonly tally: Tally;
  readonly thinkMs: number;
}

/** Starts the turns. @returns a function that resolves when each client has ended its turn */
const startTurns = async ({ people, arns, tally, thinkMs }: Working): Promise<() => Promise<void>> => {
  const { readers, writers } = people;
  let stopped = false;
  const turns = async (work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 0; !stopped; turn++) {
      await work(turn);
      await sleep(thinkMs);
    }
  };
  const change = (writer: Writer, at: number, turn: number): Promise<void> => {
    // Each writer has resources of its own: two changes of one at once are refused, rightly.
    const own = arns.filter((_, index) => index % writers.length === at);
    return write(writer, tally, { arn: own[turn % own.length] ?? '', owner: `owner-${at}-${turn}@example.com`, turn });
  };
  // In its first two changes each asks its person for the scope, and so does its approver.
  for (const [at, writer] of writers.entries()) for (const turn of [0, 1]) await change(writer, at, turn);
  const loops = [
    ...readers.map((agent) => turns((turn) => read(agent, tally, turn))),
    ...writers.map((writer, at) => turns((turn) => change(writer, at, turn + 2))),
  ];
  return async () => {
    stopped = true;
    await Promise.all(loops);
  };
};

/**
 * Signs everybody in, then lets them work until they are stopped.
 * @param thinkMs milliseconds that a client thinks between two turns
 */
export const startWork = async (origin: string, thinkMs: number): Promise<Work> => {
  const tally = new Tally();
  const people = await connectPeople(origin);
  const [first] = people.writers;
  if (first === undefined) throw new Error('nobody writes');
  const { agent } = first;
  const { resources } = await ask(agent, Untagged, 'find_untagged_resources', { limit: RESOURCES });
  const arns = resources.map(({ arn }) => arn);
  const pause = await startTurns({ people, arns, tally, thinkMs });
  return {
    tally,
    change: {
      name: 'bulk_tag_resources',
      arguments: { resource_arns: arns.slice(0, 1), tags: { Owner: 'smoke@example.com' } },
    },
    ownersOf: (some) => ownersBy(agent, some),
    recordsOf: (operationId) => recordsBy(agent, operationId),
    pause,
    close: () => people.close(),
  };
};
