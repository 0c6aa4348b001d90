/** A token that came in a header is in the memory of the service no longer than its request. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { programFlags } from '../servers/bare.ts';

const random = () => randomBytes(24).toString('hex');

/** Which of the texts are in a file, also where one lies across two chunks. */
const within = async (path: string, texts: readonly string[]): Promise<string[]> => {
  const found = new Set<string>();
  let end = '';
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 4 << 20 })) {
    const part = end + chunk;
    for (const one of texts) if (part.includes(one)) found.add(one);
    end = part.slice(-100);
  }
  return [...found];
};

it('is gone from the heap after its call, whether the upstream took it, refused it, or was never shown it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-heap-'));
  const child = spawn(process.execPath, [...programFlags, 'service/test/rigs/letters/heap.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { url, bearer } = JSON.parse((await lines.next()).value ?? '');
    const call = async (name: string, args: object, token?: string): Promise<string> => {
      const asked = request(`${url}/mcp`, {
        method: 'POST',
        agent: false,
        headers: {
          ...{ host: 'localhost:3000', authorization: `Bearer ${bearer}`, accept: 'application/json' },
          ...{ 'content-type': 'application/json', ...(token !== undefined && { 'x-letters-token': token }) },
        },
      });
      asked.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }));
      const [answer] = await once(asked, 'response');
      return text(answer);
    };
    const [taken, refused, spoilt] = [`good-${random()}`, random(), random()];
    expect(await call('send_letter', { to: 'grace', text: 'Dear grace' }, taken)).toContain('awaiting-countersign');
    expect(await call('list_letters', {}, refused)).toContain('credentials_required');
    expect(await call('list_letters', {}, `${spoilt} ${spoilt}`)).toContain('credentials_required');
    // V8 remembers the text that a pattern matched last, until another one does.
    for (let more = 0; more < 3; more += 1) await call('list_letters', {});
    const path = join(folder, 'service.heapsnapshot');
    child.stdin.write(`${path}\n`);
    await lines.next();
    // What the service does keep is found there, so that a token would be.
    const kept = 'a key for tests, long enough to be one';
    expect(await within(path, [taken, refused, spoilt, kept])).toEqual([kept]);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
