/** A process of the AWS provider that stays, where terraform starts one for every command and every region. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as open } from 'node:net';
import { createInterface } from 'node:readline';
import type { Program } from './program.ts';
import { shortenWaits } from './waits.ts';

export interface Plugin {
  readonly calls: ClientHttp2Session;
  stop(): Promise<void>;
}

/** What terraform shows it: https://github.com/hashicorp/terraform-plugin-go/blob/main/tfprotov5/tf5server/server.go */
const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

/** `1|5|unix|/tmp/plugin123|grpc|`: https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md */
const handshake = /^1\|5\|unix\|(?<socket>[^|]+)\|grpc\|/;

const running = new Set<() => void>();
process.on('exit', () => {
  for (const kill of running) kill();
});

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts one, not configured yet. */
export const startPlugin = async (program: Program, { cwd, env }: Place): Promise<Plugin> => {
  // A memory limit made for short-lived programs would make a lasting one collect garbage all the time.
  const { GOMEMLIMIT: _, ...lasting } = env;
  const child = spawn(program.path, {
    cwd,
    // Its socket goes with the folder.
    env: { ...lasting, TMPDIR: cwd, GOGC: '150', TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: '5' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  running.add(kill);
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])) as [unknown];
  const { socket } = handshake.exec(String(line))?.groups ?? {};
  if (socket === undefined) throw new Error(`the provider does not start: ${line}`);
  child.stdout.resume();
  if (child.pid !== undefined) await shortenWaits(program, child.pid);
  const calls = connect('http://provider', { createConnection: () => open(socket) });
  calls.on('error', () => {});
  return {
    calls,
    stop: async () => {
      running.delete(kill);
      calls.destroy();
      kill();
      await ended;
    },
  };
};
