/**
 * A program: the letters and their post office in a process of their own, so that what is in its heap was not put there by a test.
 * Writes where it listens and a bearer token of Ana's, and for each line that it reads a snapshot of the heap to that path.
 */
import { createInterface } from 'node:readline';
import { writeHeapSnapshot } from 'node:v8';
import { startWorld } from './world.ts';

const world = await startWorld('header');
world.office.faults.alsoTakes = 'good-';
const ana = world.person('ana', 'letters:analyst' as never);
const url = await world.tasks[0].app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url, bearer: await world.bearer(ana) })}\n`);
for await (const path of createInterface(process.stdin)) {
  writeHeapSnapshot(path);
  process.stdout.write('written\n');
}
await world.stop();
