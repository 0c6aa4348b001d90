/** Servers and the load as processes of their own, each on one core, so that neither takes the other's time. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const cores = { server: '0', load: '1' } as const;
const run = promisify(execFile);

/** Few people call as fast as they can, from one address, which is what these limits are there to stop. */
export const unlimited = {
  RATE_LIMIT_PER_MINUTE: '1000000',
  BUDGET_CALLS_PER_HOUR: '100000000',
  LOOP_CALLS: '100000000',
  CLIENT_REGISTRATIONS_PER_HOUR: '1000',
} as const;

export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

interface Launch {
  readonly args: readonly string[];
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Path that answers once it is up; any status will do but 503, which says that it still starts. Default /. */
  readonly path?: string;
}

/** Starts `node <args>` with PORT on the server's core and resolves once it answers. @throws with its output if it ends */
export const serve = async ({ args, port, env = {}, path = '/' }: Launch): Promise<Server> => {
  const url = `http://localhost:${port}`;
  let output = '';
  const child: ChildProcess = spawn('taskset', ['-c', cores.server, process.execPath, ...args], {
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    // Its log goes where a container's goes: away, and read by nobody here.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exited = once(child, 'exit');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}\n${output}`);
    if (
      await fetch(url + path).then(
        ({ status }) => status !== 503,
        () => false,
      )
    )
      break;
    await sleep(5);
  }
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};

const Load = z.object({
  requests: z.object({ average: z.number(), total: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  non2xx: z.number(),
  errors: z.number(),
});

export interface Measured {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time that one call took, which says more than the rate where others use the machine. */
  readonly cpu: number;
}

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws when any answer was not 2xx: a refusal is quicker than an answer, and not what is measured */
export const load = async (
  pid: number,
  { url, headers, body }: Request,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Measured> => {
  const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js');
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const args = ['-c', String(connections), '-d', String(seconds), '-m', 'POST', '-b', body, ...given, '--json', url];
  const before = await processorSeconds(pid);
  const { stdout } = await run('taskset', ['-c', cores.load, process.execPath, autocannon, ...args], {
    maxBuffer: 2 ** 26,
  });
  const { requests, latency, non2xx, errors } = Load.parse(JSON.parse(stdout));
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers of ${url} were not 2xx, ${errors} failed`);
  const cpu = (((await processorSeconds(pid)) - before) / requests.total) * 1e6;
  return { rate: requests.average, p50: latency.p50, p99: latency.p99, cpu };
};

/**
 * Processor time that a process took so far. proc_pid_stat(5): utime and stime, in ticks of which Linux has 100 a second, follow the
 * name in parentheses.
 */
export const processorSeconds = async (pid: number): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/** Resident memory of a process in MB. */
export const residentMegabytes = async (pid: number): Promise<number> => {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
};
