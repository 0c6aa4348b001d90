/**
 * Runs tests of the platform with cdktf replaced by the community fork cdktn, through a package alias, in a copy of the
 * working tree. `npm run test:cdktn`, with jest's arguments after `--`. See docs/adr/0007.
 */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { argv, env, exit, stdout } from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const fork = 'npm:cdktn@0.24.0';

interface Manifest {
  dependencies: Record<string, string>;
  overrides?: Record<string, Record<string, string>>;
}

/** Copies what git knows of or would add, and links the installed packages, which are large. */
const copyTree = async (folder: string): Promise<void> => {
  const { stdout: files } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // Deleted in the working tree, not yet in the index.
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await run('cp', ['-al', join(root, 'node_modules'), join(folder, 'node_modules')]).catch(() =>
    run('cp', ['-a', join(root, 'node_modules'), join(folder, 'node_modules')]),
  );
};

const takeFork = async (folder: string): Promise<void> => {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  manifest.dependencies.cdktf = fork;
  manifest.overrides = { ...manifest.overrides, '@cdktf/provider-aws': { cdktf: fork } };
  await writeFile(path, JSON.stringify(manifest, undefined, 2));
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  const { name, version } = JSON.parse(await readFile(join(folder, 'node_modules/cdktf/package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  if (name !== 'cdktn') throw new Error(`cdktf is still ${name}`);
  stdout.write(`cdktf is ${name} ${version}\n`);
};

const folder = await mkdtemp(join(tmpdir(), 'countersign-cdktn-'));
try {
  await copyTree(folder);
  await takeFork(folder);
  const paths = argv.length > 2 ? argv.slice(2) : ['modules/'];
  const tests = spawn('npm', ['run', 'test:jest', '--', ...paths], { cwd: folder, stdio: 'inherit', env });
  const code = await new Promise<number>((done) => tests.once('exit', (status) => done(status ?? 1)));
  await rm(folder, { recursive: true, force: true });
  exit(code);
} catch (error) {
  await rm(folder, { recursive: true, force: true });
  throw error;
}
