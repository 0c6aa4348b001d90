import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseEarlierHolder } from './earlier-holder.ts';

describe('A folder of an earlier version', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-earlier-'));
    file = join(folder, 'in-use');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const left = async (holder: string, secondsAgo = 0) => {
    await writeFile(file, holder);
    const then = new Date(Date.now() - secondsAgo * 1000);
    await utimes(file, then, then);
  };
  const endedProcess = async (): Promise<number> => {
    const child = spawn(process.execPath, ['--version']);
    await once(child, 'exit');
    return child.pid ?? 0;
  };

  it.each([0, 3600])('is refused while its process runs, its last sign of life %i s ago', async (secondsAgo) => {
    await left(`${process.ppid} ${hostname()} x`, secondsAgo);
    await expect(refuseEarlierHolder(folder, file)).rejects.toThrow(
      `is in use by process ${process.ppid} on ${hostname()}, of an earlier version`,
    );
  });

  it('is refused while another host gives signs of life', async () => {
    await left('1 another-host x', 3600);
    const beat = setInterval(() => utimes(file, new Date(), new Date()), 20);
    await expect(refuseEarlierHolder(folder, file, 200)).rejects.toThrow('in use by process 1 on another-host');
    clearInterval(beat);
  });

  it.each<[string, () => Promise<void>]>([
    ['was not in use', async () => {}],
    ['was left by a process that is gone', async () => left(`${await endedProcess()} ${hostname()} x`)],
    [
      'was left by an earlier process with this one’s id, as in a container',
      () => left(`${process.pid} ${hostname()} x`),
    ],
    ['was left by another host, whatever its clock said', () => left('1 another-host x', -3600)],
    ['is held in today’s way', () => left('{"pid":1,"host":"another-host","since":"x"}')],
  ])('is taken over when it %s', async (_what, leave) => {
    await leave();
    await refuseEarlierHolder(folder, file, 100);
  });
});
