/** The whole service as a test's own: on a free port, with a folder, a log and a clock of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, parseConfig } from '../../src/config.ts';
import { type Running, start } from '../../src/start/start.ts';
import { openLogger } from '../../src/telemetry/logger.ts';
import { bare, programFlags } from '../servers/bare.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { freePort } from '../servers/server.ts';

type StartOverrides = NonNullable<Parameters<typeof start>[1]>;

export interface ServiceOptions {
  /** Variables beside those the rig sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Parts of the service a test brings along. */
  readonly overrides?: Omit<StartOverrides, 'log' | 'now'>;
  /** State of an earlier service. Default: a new folder, removed at the end. */
  readonly dataDir?: string;
  /** Time passes by `advance` only, so that no limit's window ends on a slow machine. Default: the real time. */
  readonly still?: boolean;
  /** Origin the service believes people type, where it stands behind something. */
  readonly publicUrl?: string;
}

export interface ServiceRig {
  /** Origin it listens on. */
  readonly url: string;
  /** As of the latest start. */
  readonly config: Config;
  /** What runs now; another one after a restart. */
  readonly running: Running;
  /** Lines of the log, the newest last. */
  readonly log: readonly string[];
  /** Lines of the log that tell of a fault, which no story should leave. */
  faults(): string[];
  /** Turns the service's clock. The authorization library keeps the real one. */
  advance(seconds: number): void;
  /** Stops it and starts it again over the same state, as a deployment would; with other settings where some are given. */
  restart(environment?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** A test asks much in little time, always as the same few people from one address, and its approvers are programs. */
export const patience = {
  // The stories tell of one pack, whatever others the registry has. A test of packs names its own.
  TOOL_PACKS: 'tagging',
  APPROVE_ON_PAGE_ONLY: 'false',
  DECISIONS_PER_MINUTE: '1000',
  LOG_LEVEL: 'debug',
  BUDGET_CALLS_PER_HOUR: '1000000',
  LOOP_CALLS: '1000000',
  RATE_LIMIT_PER_MINUTE: '1000000',
  CLIENT_REGISTRATIONS_PER_HOUR: '1000',
};

/** A folder of its own, with a new database where the store is embedded, which is the default. */
const folderFor = async ({ dataDir, environment = {} }: Pick<ServiceOptions, 'dataDir' | 'environment'>) => {
  if (dataDir !== undefined) return { folder: dataDir, remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
  if ((environment.STORE ?? 'embedded') === 'embedded') await putNewDatabase(folder);
  return { folder, remove: () => rm(folder, { recursive: true }) };
};

/** Starts it in this process. @throws what `start` throws; nothing stays behind */
export const startService = async (options: ServiceOptions = {}): Promise<ServiceRig> => {
  const [port, { folder, remove }] = await Promise.all([freePort(), folderFor(options)]);
  const url = `http://localhost:${port}`;
  const configure = (environment: ServiceOptions['environment']) =>
    parseConfig({
      ...patience,
      PORT: String(port),
      PUBLIC_URL: options.publicUrl ?? url,
      DATA_DIR: folder,
      ...environment,
    });
  const lines: string[] = [];
  const began = Date.now();
  let ahead = 0;
  const begin = async (config: Config) => {
    const log = openLogger(config, { write: (line: string) => void lines.push(line) });
    const now = () => new Date((options.still ? began : Date.now()) + ahead * 1000);
    return { config, running: await start(config, { ...options.overrides, log, now }) };
  };
  let current = await (async () => begin(configure(options.environment)))().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    url,
    get config() {
      return current.config;
    },
    get running() {
      return current.running;
    },
    log: lines,
    faults: () => lines.filter((line) => /^\{"level":"(error|fatal)"/.test(line)),
    advance: (seconds) => {
      ahead += seconds;
    },
    restart: async (environment) => {
      const next = environment === undefined ? current.config : configure(environment);
      await current.running.stop();
      current = await begin(next);
    },
    stop: async () => {
      await current.running.stop();
      await remove();
    },
  };
};

/** The service as a process of its own, which can be killed. */
export interface SpawnedService {
  readonly url: string;
  /** Of the process that runs now. */
  pid(): number;
  /** What it has written to standard output and standard error. */
  output(): string;
  /** Ends it as a crash would: no signal handler runs. */
  kill(): Promise<void>;
  /** Stops it as a suspended machine does, until `thaw`; it notices nothing. */
  freeze(): void;
  thaw(): void;
  /** Starts it again over the same folder, on the same port. */
  resume(): Promise<void>;
  /** Asks it to stop, and resolves to its exit code. */
  terminate(): Promise<number | null>;
  stop(): Promise<void>;
}

const spawned = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of spawned) child.kill('SIGKILL');
});

const startSeconds = 60;

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

export interface SpawnOptions extends Pick<ServiceOptions, 'environment' | 'dataDir'> {
  /** What is run in place of the service's own program. */
  readonly program?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Whether the limits that a test would run into are lifted. Default true. */
  readonly patient?: boolean;
}

/** Runs `node service/src/start/server.ts` and waits until /ready. @throws with its output when it ends or does not answer */
export const spawnService = async (options: SpawnOptions = {}): Promise<SpawnedService> => {
  const { program = 'service/src/start/server.ts', patient = true } = options;
  const [port, { folder, remove }] = await Promise.all([options.port ?? freePort(), folderFor(options)]);
  const url = `http://localhost:${port}`;
  const env = {
    ...bare(),
    ...(patient && patience),
    PORT: String(port),
    DATA_DIR: folder,
    ...options.environment,
  };
  let output = '';
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [...programFlags, program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    spawned.add(child);
    child.once('exit', () => spawned.delete(child));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    for (const deadline = Date.now() + startSeconds * 1000; Date.now() < deadline; await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}\n${output}`);
      if (await isReady(url)) return child;
    }
    child.kill('SIGKILL');
    throw new Error(`the service was not ready within ${startSeconds} s\n${output}`);
  };
  let child = await launch().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  const kill = async () => {
    await end('SIGKILL');
  };
  return {
    url,
    pid: () => child.pid ?? 0,
    output: () => output,
    kill,
    freeze: () => {
      child.kill('SIGSTOP');
    },
    thaw: () => {
      child.kill('SIGCONT');
    },
    terminate: () => end('SIGTERM'),
    resume: async () => {
      await kill();
      child = await launch();
    },
    stop: async () => {
      await kill();
      await remove();
    },
  };
};
