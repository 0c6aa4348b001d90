import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { viewerRequest } from './viewer-request.ts';

type Headers = Record<string, { value: string; multiValue?: { value: string }[] }>;

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** Runs the function as the edge would, and answers the headers that go on. */
const passed = (code: string, headers: Headers): readonly string[] => {
  const script = `${code.replace(/^import crypto.*$/m, '')}\nhandler({ request: { headers } }).headers`;
  return Object.keys(runInNewContext(script, { crypto: { createHash }, headers }) as Headers);
};

describe('what the edge takes out of a request', () => {
  const secret = 'a'.repeat(32);
  const stripped = ['x-client-address', 'x-origin-verify'];
  const guarded = viewerRequest({ stripped, previewHashes: JSON.stringify([hash(secret), hash('b'.repeat(32))]) });

  it.each(stripped)('%s, which is the platform’s own', (header) => {
    expect(passed(guarded, { [header]: { value: 'forged' }, accept: { value: '*/*' } })).toEqual(['accept']);
  });

  it('x-mcp-preview without a secret that is accepted', () => {
    for (const value of ['green', 'green:', `green:${secret}b`, `green:${hash(secret)}`])
      expect(passed(guarded, { 'x-mcp-preview': { value } })).toEqual([]);
  });

  it('x-mcp-preview given twice, of which the load balancer would try each', () => {
    const value = `green:${secret}`;
    expect(passed(guarded, { 'x-mcp-preview': { value, multiValue: [{ value }, { value: 'blue:x' }] } })).toEqual([]);
  });

  it('but not x-mcp-preview with an accepted secret, also while it is rotated', () => {
    for (const value of [`green:${secret}`, `blue:${'b'.repeat(32)}`])
      expect(passed(guarded, { 'x-mcp-preview': { value } })).toEqual(['x-mcp-preview']);
  });

  it('x-mcp-preview always, where there is no preview', () => {
    const closed = viewerRequest({ stripped });
    expect(passed(closed, { 'x-mcp-preview': { value: `green:${secret}` } })).toEqual([]);
  });
});
