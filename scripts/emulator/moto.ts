/** A local stand-in for AWS: moto with what shim/ mends. Nothing is kept when it stops. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, serve } from '../../service/test/servers/server.ts';

export interface Emulator {
  /** Endpoint of every AWS API. */
  readonly url: string;
  /** The Python that moto is installed for. */
  readonly python: string;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const advice =
  "The emulator needs Python 3 with moto: python3 -m venv .venv && .venv/bin/pip install 'moto[server]==5.2.1'";

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** @throws Error saying what to install */
export const findPython = async (env: NodeJS.ProcessEnv = process.env): Promise<string> => {
  const root = join(import.meta.dirname, '..', '..');
  const inPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['python3', 'python'].map((p) => join(folder, p)));
  for (const candidate of [env.COUNTERSIGN_PYTHON, join(root, '.venv/bin/python'), ...inPath]) {
    if (candidate === undefined || candidate === '' || !(await isExecutable(candidate))) continue;
    const usable = await run(candidate, ['-c', 'import moto.server, boto3']).then(
      () => true,
      () => false,
    );
    if (usable) return candidate;
  }
  throw new Error(advice);
};

/**
 * Starts it on a free port.
 * @param accountId the account whose resources it holds, as in every ARN it makes
 */
export const startEmulator = async (accountId: string, env: NodeJS.ProcessEnv = process.env): Promise<Emulator> => {
  const python = await findPython(env);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await serve(url, {
    command: python,
    args: [join(import.meta.dirname, 'shim'), '-H', '127.0.0.1', '-p', String(port)],
    // A certificate counts as validated after a second instead of a minute.
    options: {
      env: { ...env, MOTO_ACM_VALIDATION_WAIT: '1', MOTO_ACCOUNT_ID: accountId, PYTHONDONTWRITEBYTECODE: '1' },
    },
    answers: () => fetch(`${url}/moto-api/data.json`).then((response) => response.ok),
  });
  return {
    url,
    python,
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: () => server.stop(),
  };
};
