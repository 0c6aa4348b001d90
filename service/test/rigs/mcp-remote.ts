/** A host that speaks only stdio, behind mcp-remote: a process of its own that asks for a browser on its standard error. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, isJSONRPCResultResponse } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type Agent, type CallOptions, type Structured, structuredOf } from './clients.ts';
import type { Consent, Person } from './person.ts';

const proxy = join(dirname(createRequire(import.meta.url).resolve('mcp-remote/package.json')), 'dist/proxy.js');

/**
 * Hands each answer over a turn later than what was read before it. The SDK hears a progress notification in a microtask
 * and forgets who listens with the answer: of those read from the pipe together with the answer, it would tell none.
 */
const inTurn = (transport: StdioClientTransport): void => {
  const { onmessage } = transport;
  transport.onmessage = (message) => {
    if (isJSONRPCResultResponse(message)) setImmediate(() => onmessage?.(message));
    else onmessage?.(message);
  };
};

export interface RemoteAgent extends Agent {
  /** Authorization requests the person was sent through, the newest last. */
  readonly asked: readonly URL[];
  /** What mcp-remote said. */
  output(): string;
}

/** Calls back as a browser would. While it steps up, mcp-remote prints the address before it listens. */
const callBack = async (url: URL): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch((error: unknown) => {
      if (tries > 100) throw error;
      return undefined;
    });
    if (answer) return void (await answer.text());
    await sleep(50);
  }
};

export const connectRemote = async (origin: string, person: Person, consent: Consent = {}): Promise<RemoteAgent> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mcp-remote-'));
  const transport = new StdioClientTransport({
    command: process.execPath,
    // As the service tells newcomers to, with nothing more.
    args: [proxy, `${origin}/mcp`],
    // Without a PATH it finds no browser to open.
    env: { MCP_REMOTE_CONFIG_DIR: folder, HOME: folder, PATH: '' },
    stderr: 'pipe',
  });
  const asked: URL[] = [];
  let output = '';
  let failed: unknown;
  transport.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const urls = [...output.matchAll(/by visiting:\s+(http\S+)\s/g)].map((match) => match[1] ?? '');
    for (const url of urls.slice(asked.length)) {
      asked.push(new URL(url));
      person
        .authorize(url, consent)
        .then(callBack)
        .catch((error: unknown) => {
          failed = error;
        });
    }
  });
  const client = new Client({ name: 'desktop', version: '1.0.0' });
  const close = async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  };
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw failed ?? error;
    }
  };
  try {
    await explained(client.connect(transport));
  } catch (error) {
    await close();
    throw new Error(`mcp-remote did not connect: ${output}`, { cause: error });
  }
  inTurn(transport);
  return {
    asked,
    output: () => output,
    call: async (tool: string, args: Record<string, unknown> = {}, call: CallOptions = {}): Promise<Structured> =>
      structuredOf(await explained(client.callTool({ name: tool, arguments: args }, call))),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    close,
  };
};
