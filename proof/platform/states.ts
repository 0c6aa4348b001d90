/**
 * Terraform's states behind HTTP, in the files where the stacks keep them. The local backend encodes the whole state anew after
 * every resource, a third of what terraform does in an apply; any other writes it every twenty seconds.
 * https://developer.hashicorp.com/terraform/language/backend/http
 */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { Stack } from '../../scripts/platform/workspace.ts';

const Backed = z.looseObject({
  terraform: z.looseObject({ backend: z.object({ local: z.object({ path: z.string() }) }).optional() }),
});

/** The file that a stack keeps its state in. */
export const stateOf = async ({ name, folder }: Pick<Stack, 'name' | 'folder'>): Promise<string> => {
  const { terraform } = Backed.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
  if (terraform.backend === undefined) throw new Error(`${name} keeps its state elsewhere`);
  return terraform.backend.local.path;
};

export interface States {
  /** From its next init on, the stack reads and writes its state here. */
  keep(stack: Stack): Promise<void>;
  stop(): void;
}

const answerTo = async (request: IncomingMessage): Promise<readonly [status: number, body?: Buffer]> => {
  const file = decodeURIComponent(new URL(request.url ?? '/', 'http://states').pathname);
  if (request.method === 'GET')
    return readFile(file).then(
      (state) => [200, state],
      () => [404],
    );
  if (request.method !== 'POST') return [405];
  await writeFile(file, await buffer(request));
  return [200];
};

export const openStates = async (): Promise<States> => {
  const server = createServer((request, response) => {
    answerTo(request).then(
      ([status, body]) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told = server.address();
  if (told === null || typeof told === 'string') throw new Error('no TCP port');
  return {
    keep: async (stack) => {
      const address = `http://127.0.0.1:${told.port}${encodeURI(await stateOf(stack))}`;
      // https://developer.hashicorp.com/terraform/language/files/override
      const override = { terraform: { backend: { http: { address } } } };
      await writeFile(join(stack.folder, 'backend_override.tf.json'), JSON.stringify(override));
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
