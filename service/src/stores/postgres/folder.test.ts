import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLostError, holdFolder } from './folder.ts';

describe('holdFolder', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'countersign-folder-'));
    folder = join(parent, 'data');
    await mkdir(folder);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const holdElsewhere = async () => {
    const program = `
      const { holdFolder } = await import('./service/src/stores/postgres/folder.ts');
      await holdFolder(${JSON.stringify(folder)});
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };

  it('holds a folder until it is let go', async () => {
    const hold = await holdFolder(folder);
    await expect(holdFolder(join(folder, '.'))).rejects.toThrow(`${folder} is in use by process ${process.pid}`);
    hold.check();
    hold.release();
    hold.release();
    const again = await holdFolder(folder);
    again.release();
    expect(await readdir(folder)).toEqual(['folder.lock']);
  });

  it('refuses the folder of a process that is stopped, however long, and names it; frees it with the process', async () => {
    const child = await holdElsewhere();
    child.kill('SIGSTOP');
    await expect(holdFolder(folder)).rejects.toThrow(
      `DATA_DIR ${folder} is in use by process ${child.pid} on ${hostname()} since `,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const hold = await holdFolder(folder);
    hold.check();
    hold.release();
  });

  it('refuses a folder also where nothing says who holds it', async () => {
    const hold = await holdFolder(folder);
    await writeFile(join(folder, 'in-use'), '{"pid":');
    await expect(holdFolder(folder)).rejects.toThrow('is in use by another process');
    hold.release();
  });

  const replace = async (path: string) => {
    await rename(path, `${path}.away`);
    await writeFile(path, '');
  };
  it.each<[string, string, () => Promise<void>]>([
    ['its lock is removed', 'folder.lock', () => rm(join(folder, 'folder.lock'))],
    ['its lock is replaced', 'folder.lock', () => replace(join(folder, 'folder.lock'))],
    ['it is moved', 'folder.lock', () => rename(folder, `${folder}.away`)],
    ['it is replaced', 'folder.lock', () => rename(folder, `${folder}.away`).then(() => mkdir(folder))],
    ['what it watches is replaced', 'postgres', () => replace(join(folder, 'postgres'))],
  ])('lets nothing be committed once %s, and never again', async (_what, named, take) => {
    await writeFile(join(folder, 'postgres'), '');
    const lost: string[] = [];
    const hold = await holdFolder(folder, ({ name }) => void lost.push(name));
    hold.watch('postgres');
    hold.check();
    await take();
    expect(() => hold.check()).toThrow(FolderLostError);
    await rm(folder, { recursive: true, force: true });
    await rename(`${folder}.away`, folder).catch(() => {});
    expect(() => hold.check()).toThrow(`${named} was moved, removed or replaced`);
    expect(lost).toEqual(['FolderLostError']);
    hold.release();
  });

  it('leaves what the next holder wrote, when it lets go of a folder it lost', async () => {
    const hold = await holdFolder(folder);
    await rm(join(folder, 'folder.lock'));
    const next = await holdFolder(folder);
    hold.release();
    expect(await readdir(folder)).toEqual(['folder.lock', 'in-use']);
    await expect(holdFolder(folder)).rejects.toThrow('is in use by process');
    next.release();
  });
});
