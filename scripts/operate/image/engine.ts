/** The container engine of this machine. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Host } from '../../platform/command.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { scratchFolder } from '../../platform/scratch.ts';

export interface Engine {
  readonly name: string;
  /** Shows what it prints. @throws OperatorProblem when it fails */
  run(args: readonly string[]): Promise<void>;
  /**
   * Signs in to a registry for as long as `work` takes. The password goes in by standard input; what the engine
   * remembers of it stands in a folder of its own, which is gone afterwards.
   */
  signedIn<T>(
    registry: string,
    login: { user: string; password: string },
    work: (engine: Engine) => Promise<T>,
  ): Promise<T>;
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
}

const call = async (
  program: string,
  args: readonly string[],
  { env, input, show }: { env: NodeJS.ProcessEnv; input?: string; show?: (line: string) => void },
): Promise<Answer> => {
  const child = spawn(program, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    show?.(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => show?.(line));
  // One that ends without reading closes the pipe; its exit code says so.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, stdout };
};

const engineIn = (host: Host, name: string, env: NodeJS.ProcessEnv): Engine => ({
  name,
  run: async (args) => {
    const { code } = await call(name, args, { env, show: host.err });
    if (code !== 0) throw new OperatorProblem(`${name} ${args[0]} failed (${code}); what it said stands above.`);
  },
  signedIn: async (registry, { user, password }, work) => {
    const folder = await scratchFolder('login');
    // Podman has a variable of its own for it.
    const inside = { ...env, DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: join(folder, 'config.json') };
    try {
      const args = ['login', '--username', user, '--password-stdin', registry];
      const { code } = await call(name, args, { env: inside, input: password });
      // Not what it said: that may hold what it was given.
      if (code !== 0) throw new OperatorProblem(`${name} could not sign in to ${registry} (${code}).`);
      return await work(engineIn(host, name, inside));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** Where docker's current context leads; a folder of its own does not know of contexts. */
const hostOf = async (name: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> => {
  if (name !== 'docker' || env.DOCKER_HOST !== undefined) return {};
  const format = '{{.Endpoints.docker.Host}}';
  const { code, stdout } = await call(name, ['context', 'inspect', '--format', format], { env });
  const found = stdout.trim();
  return code === 0 && found !== '' ? { DOCKER_HOST: found } : {};
};

const answers = (name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> =>
  call(name, args, { env }).then(
    ({ code }) => code === 0,
    () => false,
  );

/** @throws OperatorProblem when it is missing, or its service does not run */
export const openEngine = async (host: Host, name: 'docker' | 'podman'): Promise<Engine> => {
  if (!(await answers(name, ['--version'], host.env)))
    throw new OperatorProblem(
      `${name} is not installed here: install it, or use --builder ${name === 'docker' ? 'podman' : 'docker'}.`,
    );
  if (!(await answers(name, ['info'], host.env)))
    throw new OperatorProblem(`${name} is installed, but its service does not answer: start it.`);
  return engineIn(host, name, { ...host.env, ...(await hostOf(name, host.env)) });
};
