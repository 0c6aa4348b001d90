/** One cutover by the operator's own command, with people at work all the while, and its result. */
import { publicUrlOf } from '../../modules/stacks/hosts.ts';
import { Browser } from '../../service/test/rigs/browser.ts';
import { OAuthClient } from '../../service/test/rigs/oauth-client.ts';
import { type Driven, driveCutover } from './drive.ts';
import type { Tried } from './environment.ts';
import { startRelay } from './relay.ts';
import type { Scene } from './scene.ts';
import type { SharedStore } from './stores.ts';
import type { Tally, Written } from './tally.ts';
import { startWork, type Work } from './work.ts';

export interface ProofOptions {
  readonly scene: Scene;
  readonly store: SharedStore;
  readonly tried: Tried;
  /** Minutes at 10, 50 and 100 percent. */
  readonly bakes: string;
  /** As `--pace` takes it. */
  readonly pace: string;
  /** Milliseconds that a client thinks between two turns. Default: 400. */
  readonly thinkMs?: number;
  readonly killAfter?: (change: string) => boolean;
  readonly say?: (line: string) => void;
  /** Told now and then of how it goes. */
  readonly watch?: (tally: Tally) => void;
}

export interface Evidence {
  readonly driven: Driven;
  readonly tally: Tally;
  /** Statuses that the load balancer gave itself. */
  readonly ownAnswers: readonly number[];
  /** Requests of each colour while both had half of the weight. */
  readonly halves: { readonly blue: number; readonly green: number };
  /** Faults in what the clients wrote: lost, doubled or changed. */
  readonly wrongs: readonly string[];
  /** Exit codes of the old colour's tasks. */
  readonly exits: readonly (number | null)[];
}

/** Milliseconds between two progress messages. */
const WATCH_MS = 10_000;

/** What the audit log has of a change that was applied once. */
const once = ['plan success', 'approve success', 'write started', 'write success'];

const wrongsOf = async (work: Work, store: SharedStore, written: readonly Written[]): Promise<string[]> => {
  const wrongs: string[] = [];
  const kept = await store.operations();
  if (kept !== written.length) wrongs.push(`${written.length} changes were asked for, and ${kept} operations are kept`);
  for (const { operationId } of written) {
    const records = await work.recordsOf(operationId);
    if (records.join() !== once.join()) wrongs.push(`${operationId} is recorded as ${records.join(', ')}`);
  }
  const last = new Map(written.map(({ arn, owner }) => [arn, owner]));
  const owners = await work.ownersOf([...last.keys()]);
  for (const [arn, owner] of last)
    if (owners.get(arn) !== owner) wrongs.push(`${arn} belongs to ${owners.get(arn)} instead of ${owner}`);
  return wrongs;
};

/** A token for the smoke test, of somebody who may plan changes. */
const tokenAt = async (origin: string): Promise<string> => {
  const client = await OAuthClient.registered(origin);
  return (await client.connect(new Browser(), 'ana', 'tag:read tag:write')).access_token;
};

export const prove = async (options: ProofOptions): Promise<Evidence> => {
  const { scene, store, tried, bakes, pace, thinkMs = 400, killAfter, say, watch } = options;
  const { dataPlane, estate, agent, emulator } = scene;
  const requests = () => {
    const counts = dataPlane.counts();
    return { blue: counts[estate.groups.blue]?.requests ?? 0, green: counts[estate.groups.green]?.requests ?? 0 };
  };
  let [before, after] = [requests(), requests()];
  const work = await startWork(dataPlane.url, thinkMs);
  // The smoke test expects the environment's own address in what the service says of itself.
  const publicUrl = publicUrlOf(tried.deployment) ?? dataPlane.url;
  const front = await startRelay(dataPlane.url, ({ text }) => text.replaceAll(dataPlane.url, publicUrl));
  const watching = setInterval(() => watch?.(work.tally), WATCH_MS);
  try {
    const driven = await driveCutover({
      endpoint: emulator.url,
      root: tried.root,
      environment: tried.name,
      url: front.url,
      token: await tokenAt(dataPlane.url),
      change: work.change,
      bakes,
      pace,
      onDone: (change) => {
        if (change === 'baking(50)') before = requests();
        if (change === 'shifting(100)') after = requests();
      },
      ...(killAfter && { killAfter }),
      ...(say && { say }),
    });
    if (driven.code === 0) await scene.gone('blue');
    await work.pause();
    return {
      driven,
      tally: work.tally,
      ownAnswers: dataPlane.own(),
      halves: { blue: after.blue - before.blue, green: after.green - before.green },
      wrongs: await wrongsOf(work, store, work.tally.written),
      exits: agent.tasksOf(estate.services.blue).map(({ exitCode }) => exitCode),
    };
  } finally {
    clearInterval(watching);
    await front.stop();
    await work.pause();
    await work.close();
  }
};
