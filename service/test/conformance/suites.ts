/** The suites as they are run here, each by its own command line. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { freePort } from '../servers/server.ts';
import type { Subject } from './subject.ts';

export interface Outcome {
  /** The suite's exit code: 0 when all passed that is not expected to fail, and nothing expected to fail passed. */
  readonly code: number | null;
  readonly output: string;
}

export interface Suite {
  readonly name: string;
  run(subject: Subject): Promise<Outcome>;
}

const commandOf = (edition: 'conformance-active' | 'conformance-next'): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${edition}/package.json`)), 'dist/index.js');

/** @param heard told of each piece of output, for suites that have to be answered */
const execute = async (
  command: string,
  args: readonly string[],
  heard: (output: string) => void = () => {},
): Promise<Outcome> => {
  const results = await mkdtemp(join(tmpdir(), 'conformance-'));
  let output = '';
  const child = spawn(process.execPath, [command, ...args, '--output-dir', results], { cwd: results });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
      heard(output);
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  await rm(results, { recursive: true });
  return { code, output };
};

/** Suites of the 2025 revisions hold against the list of what needs a session; the 2026-07-28 one has no such list. */
const server = (name: string, edition: Parameters<typeof commandOf>[0], ...options: string[]): Suite => ({
  name,
  run: ({ openUrl }) => execute(commandOf(edition), ['server', '--url', `${openUrl}/mcp`, ...options]),
});

/** Plays the person: opens the URL the suite prints, signs in and allows, which brings the browser to its callback. */
const authorization: Suite = {
  name: 'authorization, 0.2.0-alpha.12',
  run: async ({ url }) => {
    const port = await freePort();
    const callback = `http://127.0.0.1:${port}/callback`;
    const { clientId } = await OAuthClient.registered(url, { redirect_uris: [callback], scope: 'tag:read' });
    let opened = false;
    const person = async (address: string): Promise<void> => {
      const browser = new Browser();
      const signIn = await browser.open(address, callback);
      const consent = await browser.submit(signIn, { person: 'ana' }, callback);
      const back = await browser.submit(consent, { decision: 'allow', scope: ['tag:read'] }, callback);
      await fetch(back.url);
    };
    const args = ['authorization', '--url', url, '--client-id', clientId, '--resource', `${url}/mcp`];
    return execute(commandOf('conformance-next'), [...args, '--port', String(port)], (output) => {
      const [address] = /https?:\/\/\S+\/oauth\/auth\?\S+/.exec(output) ?? [];
      if (address === undefined || opened) return;
      opened = true;
      // A refusal is in the suite's own result: it waits for the callback in vain.
      person(address).catch(() => {});
    });
  },
};

const withoutSessions = ['--expected-failures', join(import.meta.dirname, 'expected-failures.yaml')];

export const suites: readonly Suite[] = [
  server('active, 0.1.16', 'conformance-active', ...withoutSessions),
  server('required by 2026-07-28', 'conformance-next', '--requirements', '2026-07-28'),
  server('required by 2025-11-25', 'conformance-next', '--requirements', '2025-11-25', ...withoutSessions),
  authorization,
];
