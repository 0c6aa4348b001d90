import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scratchFolder } from './scratch.ts';

const purpose = `test-${process.pid}`;
const folderOf = async (pid: number): Promise<string> => {
  const folder = join(tmpdir(), `countersign-${purpose}-${pid}-Ab12Cd`);
  await mkdir(folder);
  await writeFile(join(folder, 'now.tfplan'), 'secret');
  return folder;
};

it('removes the folder of a command that was killed, and leaves that of one that runs, and of another purpose', async () => {
  const { pid: dead = 0 } = spawnSync(process.execPath, ['--version']);
  const [killed, running] = [await folderOf(dead), await folderOf(process.ppid)];
  const other = join(tmpdir(), `countersign-${purpose}-x-${dead}-Ab12Cd`);
  await mkdir(other);
  const own = await scratchFolder(purpose);
  expect([killed, running, other, own].map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
  for (const folder of [running, other, own]) await rm(folder, { recursive: true });
});
