import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findProgram } from './programs.ts';
import { freePort, serve, type TestServer } from './server.ts';

const run = promisify(execFile);

/** initdb and postgres refuse to run as root: then they run as the system's postgres, or as nobody. */
const unprivileged = async (): Promise<{ uid?: number; gid?: number }> => {
  if (process.getuid?.() !== 0) return {};
  const user = await run('id', ['-u', 'postgres']).then(
    () => 'postgres',
    () => 'nobody',
  );
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout)),
  );
  return { uid, gid };
};

/** A company's database sorts text by its language; what relies on the order of bytes must say so itself. */
const language = ['--locale-provider=icu', '--icu-locale=en-US'];

const answers = async (connectionString: string): Promise<boolean> => {
  const client = new Client({ connectionString });
  // An unhandled 'error' event would end the test process when the server goes away in the middle.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => {});
  }
};

/** A throwaway PostgreSQL cluster with an empty database. */
export const startPostgres = async (): Promise<TestServer> => {
  const [initdb, postgres] = await Promise.all([findProgram('initdb'), findProgram('postgres')]);
  const user = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { LC_ALL: 'C', PATH: process.env.PATH } };
  const data = join(folder, 'data');
  await run(initdb, ['-D', data, '-U', 'countersign', '-A', 'trust', '-E', 'UTF8', ...language, '--no-sync'], options);
  const port = await freePort();
  const url = `postgres://countersign@127.0.0.1:${port}/postgres`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 60,
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return serve(url, { command: postgres, args, options, answers: () => answers(url) }, () =>
    rm(folder, { recursive: true, force: true }),
  );
};
