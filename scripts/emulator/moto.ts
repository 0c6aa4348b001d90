/** A local stand-in for AWS: moto with the additions in shim/. Nothing is kept when it stops. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { forksOf } from '../../service/test/servers/forks.ts';
import { freePort, serve, type TestServer } from '../../service/test/servers/server.ts';
import { OperatorProblem } from '../platform/problem.ts';

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
const shim = join(import.meta.dirname, 'shim');
const advice =
  "The stand-in for AWS needs Python 3 with moto: python3 -m venv .venv && .venv/bin/pip install 'moto[server]==5.2.1'";

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

// Importing them takes a second; flask comes with moto[server] alone.
const finding =
  "from importlib.util import find_spec; raise SystemExit(not all(map(find_spec, ('moto', 'boto3', 'flask'))))";

/** @throws OperatorProblem saying what to install */
export const findPython = async (env: NodeJS.ProcessEnv = process.env): Promise<string> => {
  const root = join(import.meta.dirname, '..', '..');
  const inPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['python3', 'python'].map((p) => join(folder, p)));
  for (const candidate of [env.COUNTERSIGN_PYTHON, join(root, '.venv/bin/python'), ...inPath]) {
    if (candidate === undefined || candidate === '' || !(await isExecutable(candidate))) continue;
    const usable = await run(candidate, ['-c', finding]).then(
      () => true,
      () => false,
    );
    if (usable) return candidate;
  }
  throw new OperatorProblem(advice);
};

/** What settings name and Terraform does not make. */
const givenIn = (regions: readonly Settings[]) => {
  // A zone is that of the domain above the host name, for records stand beside it: origin-mcp beside mcp.
  const zoneName = ({ hosted_zone_name, domain_name = 'example.com' }: Settings): string =>
    hosted_zone_name ?? domain_name.replace(/^[^.]+\.(?=.*\.)/, '');
  const zones = regions.flatMap((settings) =>
    settings.hosted_zone_id === undefined ? [] : [[settings.hosted_zone_id, zoneName(settings)] as const],
  );
  return { zones: Object.fromEntries(zones), images: regions.flatMap(({ ami_id }) => ami_id ?? []) };
};

/** A moto of another version may not have what shim/ changes. */
const started = (starting: Promise<TestServer>): Promise<TestServer> =>
  starting.catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    throw new OperatorProblem(`The stand-in for AWS did not start. ${advice}\n${said}`, { cause: error });
  });

/**
 * Starts it on a free port, for the account of an environment, with the hosted zone and images its settings name.
 * @param regions settings of the environment, one entry a region
 * @throws OperatorProblem
 */
export const startEmulator = async (
  regions: readonly Settings[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Emulator> => {
  const accountId = regions[0]?.account_id ?? '123456789012';
  const python = await findPython(env);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-H', '127.0.0.1', '-p', String(port)];
  const variables = {
    ...env,
    // A certificate counts as validated after a second instead of a minute.
    MOTO_ACM_VALIDATION_WAIT: '1',
    MOTO_ACCOUNT_ID: accountId,
    // AWS's own policies, such as the one for RDS's monitoring.
    MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
    // Settings name their image, which EMULATOR_GIVEN has. Making a hundred others takes longer than a request.
    MOTO_EC2_LOAD_DEFAULT_AMIS: 'false',
    EMULATOR_GIVEN: JSON.stringify(givenIn(regions)),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const socket = forksOf('shim');
  const server = await started(
    serve(url, {
      command: python,
      args: [shim, ...args],
      options: { env: variables },
      fork: socket === undefined ? undefined : { socket, what: { program: shim, args, env: variables } },
      answers: () => fetch(`${url}/moto-api/data.json`).then((response) => response.ok),
    }),
  );
  return {
    url,
    python,
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: () => server.stop(),
  };
};
