import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdFolder } from './folder.ts';

describe('holdFolder', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-folder-'));
    file = join(folder, 'in-use');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const left = async (holder: string, secondsAgo = 0) => {
    await writeFile(file, holder);
    const then = new Date(Date.now() - secondsAgo * 1000);
    await utimes(file, then, then);
  };
  const deadProcess = async (): Promise<number> => {
    const child = spawn(process.execPath, ['--version']);
    await once(child, 'exit');
    return child.pid ?? 0;
  };

  it('holds a folder until it is let go', async () => {
    const release = await holdFolder(folder);
    await expect(holdFolder(join(folder, '.'))).rejects.toThrow(`${folder} is in use by process ${process.pid}`);
    await release();
    await release();
    await (await holdFolder(folder))();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder of a running process, and names it', async () => {
    await left(`${process.ppid} ${hostname()} x`);
    await expect(holdFolder(folder)).rejects.toThrow(`is in use by process ${process.ppid} on ${hostname()}`);
  });

  it('refuses a folder of another host that gave a sign of life', async () => {
    await left('1 another-host x', 5);
    await expect(holdFolder(folder)).rejects.toThrow('in use by process 1 on another-host');
  });

  it.each<[string, () => Promise<void>]>([
    ['a process that is gone', async () => left(`${await deadProcess()} ${hostname()} x`)],
    ['an earlier process with this one’s id, as in a container', () => left(`${process.pid} ${hostname()} x`)],
    ['another host that is silent', () => left('1 another-host x', 60)],
    ['a running process that is not a holder any more', () => left(`${process.ppid} ${hostname()} x`, 60)],
  ])('takes over from %s', async (_who, leave) => {
    await leave();
    const release = await holdFolder(folder);
    expect(await readdir(folder)).toEqual(['in-use']);
    await release();
  });
});
