/**
 * A process of its own that puts a drill's records back when the one that began it is gone, however it went. It is told
 * what to put back on its standard input, and does so when that ends without the word that it is done.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Route53Client } from '@aws-sdk/client-route-53';
import { type Turn, turnBack } from './turn.ts';

/** Without a terminal and in a process group of its own: what interrupts the drill must not interrupt this. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const TRIES = 60;
const PAUSE_MS = 5_000;

const lines = createInterface({ input: process.stdin });
let turns: readonly Turn[] = [];
let done = false;
for await (const line of lines) {
  if (line === 'done') done = true;
  else {
    turns = JSON.parse(line) as readonly Turn[];
    process.stdout.write('watching\n');
  }
}
const route53 = new Route53Client({ region: 'us-east-1' });
for (let tries = 1; !done && turns.length > 0 && tries <= TRIES; tries += 1)
  try {
    for (const turn of turns) await turnBack(route53, turn);
    done = true;
  } catch {
    // The next try may succeed; `failover --restore` finds what is left in the end.
    await sleep(PAUSE_MS);
  }
