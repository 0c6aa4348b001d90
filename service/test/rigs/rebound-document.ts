/**
 * A program for auth-client-documents.test.ts: every name resolves to this computer, a client's document is asked for
 * at such a name, and what came of it is printed. In a process of its own, because it replaces the resolver.
 */
import dns from 'node:dns';
import { createServer } from 'node:https';
import { startAuth } from './auth.ts';
import { OAuthClient } from './oauth-client.ts';
import { selfSigned } from './self-signed.ts';

const toLoopback = (_name: string, options: unknown, done: unknown) => {
  const callback = typeof options === 'function' ? options : done;
  const all = typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  if (typeof callback !== 'function') return;
  if (all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
Object.assign(dns, { lookup: toLoopback });

const reached: string[] = [];
const internal = createServer(selfSigned('agent.example.com'), (request, response) => {
  reached.push(request.url ?? '');
  response.end('{}');
});
let connections = 0;
internal.on('connection', () => {
  connections++;
});
await new Promise<void>((resolve) => internal.listen(0, '127.0.0.1', resolve));
const address = internal.address();
const host = `https://agent.example.com:${typeof address === 'object' ? address?.port : ''}`;

const rig = await startAuth();
// Without the guard the name is reached, so that the rest shows the guard and not a broken name.
await fetch(`${host}/plain`);
const client = new OAuthClient(rig.config.PUBLIC_URL, `${host}/client.json`);
const { status } = await fetch(client.authorizeUrl(), { redirect: 'manual' });
process.stdout.write(JSON.stringify({ reached, connections, status }));
process.exit(0);
