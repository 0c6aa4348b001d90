/** Loaded before the service: starts the profiler on the first SIGUSR2 and writes PROFILE_FILE on the second. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { env } from 'node:process';

const session = new Session();
session.connect();
let started = false;

process.on('SIGUSR2', async () => {
  if (!started) {
    started = true;
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  await writeFile(env.PROFILE_FILE ?? 'service.cpuprofile', JSON.stringify(profile));
});
