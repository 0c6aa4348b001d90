/**
 * Stands before processes of the AWS provider and takes terraform's calls for them. Of the processor time that a terraform
 * command takes, most are the provider's start and the schema of 1,500 types, which both sides build anew each time. Here a
 * process stays for every configuration, and terraform is told of what modules use; all else is the provider's own answer.
 * https://developer.hashicorp.com/terraform/plugin/debugging#debugging-caveats
 */
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../../scripts/platform/command.ts';
import { freshFolder } from '../folder.ts';
import { withoutEndpoints } from './endpoints.ts';
import { type Answer, answer, answerOf, ask, failed, messageOf, readMessage, unimplemented } from './grpc.ts';
import { type Plugin, startPlugin } from './plugin.ts';
import { findProvider } from './program.ts';
import { firstValue } from './protobuf.ts';
import { schemaInUse } from './schema.ts';
import { askingOnce } from './settled.ts';
import { currentState, upgradedTo } from './upgrade.ts';
import { ofResources, usedIn, WEB_ACL } from './web-acl.ts';

export interface Providers {
  /** What makes terraform take this provider. */
  readonly variables: Readonly<Record<'TF_REATTACH_PROVIDERS', string>>;
  /**
   * Lets it find the files that resources of a stack name, as one that is started in the stack's folder would, and tells
   * terraform of the blocks that the stack's web ACLs have. To terraform a web ACL of another stack has none.
   */
  see(stackFolder: string): Promise<void>;
  stop(): Promise<void>;
}

const service = '/tfplugin5.Provider/';
/** The field of a call that names the type of its resource. */
const TYPE_NAME = 1;
/** The field of Configure with the values. */
const CONFIG = 2;
const nothing = Buffer.alloc(0);

/** A process for each configuration, because it holds only one. The first serves whoever configures none too. */
const configuring = (first: Plugin, start: () => Promise<Plugin>) => {
  const all = new Map<string, Promise<{ readonly plugin: Plugin; readonly answered: Answer }>>();
  const begin = async (request: Buffer, isFirst: boolean) => {
    const plugin = isFirst ? first : await start();
    return { plugin, answered: await ask(plugin.calls, `${service}Configure`, request) };
  };
  return (request: Buffer) => {
    // A plan and an apply describe terraform's abilities differently; the provider stays the same.
    const key = firstValue(request, CONFIG)?.toString('latin1') ?? '';
    const configured = all.get(key) ?? begin(request, all.size === 0);
    all.set(key, configured);
    return configured;
  };
};

const Stack = z.looseObject({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

/** Assets have their content's hash in their path, so those of several stacks stand beside each other. */
const linkAssets = async (from: string, to: string): Promise<void> => {
  for (const id of await readdir(join(from, 'assets')).catch(() => []))
    for (const hash of await readdir(join(from, 'assets', id))) {
      await mkdir(join(to, 'assets', id), { recursive: true });
      const link = join(to, 'assets', id, hash);
      await rm(link, { force: true });
      await symlink(join(from, 'assets', id, hash), link);
    }
};

/** What the stack in a folder says of its web ACLs, and what the modules in it say of theirs. */
const webAclsIn = async (stackFolder: string): Promise<readonly unknown[]> => {
  const files = (await readdir(stackFolder, { recursive: true })).filter((file) => file.endsWith('.tf.json'));
  const texts = await Promise.all(files.map((file) => readFile(join(stackFolder, file), 'utf8')));
  return texts.flatMap((text) => Object.values(Stack.parse(JSON.parse(text)).resource[WEB_ACL] ?? {}));
};

type Take = (path: string, message: Buffer, session: Http2Session | undefined) => Promise<Answer>;

const listen = async (socket: string, take: Take) => {
  const server = createServer();
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    // Terraform closes its connections without a goodbye message.
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
  });
  const serve = async (stream: ServerHttp2Stream, path: string): Promise<void> => {
    // Logs and further connections, which terraform keeps open and needs none of.
    if (path.startsWith('/plugin.')) return answer(stream, unimplemented);
    answer(stream, await take(path, await readMessage(stream), stream.session));
  };
  server.on('stream', (stream, { ':path': path = '' }) => {
    stream.on('error', () => {});
    serve(stream, path).catch((error: unknown) => answer(stream, failed(String(error))));
  });
  server.listen(socket);
  await once(server, 'listening');
  return () => {
    for (const session of sessions) session.destroy();
    server.close();
  };
};

/** @param host its environment is that of the provider */
export const openProviders = async (host: Host): Promise<Providers> => {
  const program = await findProvider(host);
  const at = await freshFolder('provider');
  const started: Plugin[] = [];
  const start = async (): Promise<Plugin> => {
    const plugin = await startPlugin(program, { cwd: at, env: host.env });
    started.push(plugin);
    return plugin;
  };
  const first = await start();
  const schemaFor = await schemaInUse(program.folder, async () =>
    messageOf(await ask(first.calls, `${service}GetSchema`, nothing)),
  );
  const webAcls: unknown[] = [];
  let schema = schemaFor(usedIn(webAcls));
  const configured = configuring(first, start);
  const asked = askingOnce(service);
  const of = new WeakMap<Http2Session, Plugin>();
  const askOfResource = async (plugin: Plugin, call: string, message: Buffer): Promise<Answer> => {
    const type = firstValue(message, TYPE_NAME)?.toString() ?? '';
    const isWebAcl = type === WEB_ACL;
    const current = call === 'UpgradeResourceState' ? currentState(message, schema.versionOf(type)) : undefined;
    if (current !== undefined) return answerOf(upgradedTo(isWebAcl ? schema.webAcls.state(current) : current));
    if (!isWebAcl) return asked(plugin, call, message, type);
    const answered = await asked(plugin, call, schema.webAcls.asked(call, message), type);
    return { ...answered, message: schema.webAcls.answered(call, answered.message) };
  };

  const socket = join(at, 'socket');
  const close = await listen(socket, async (path, message, session) => {
    const call = basename(path);
    if (call === 'GetSchema') return answerOf(schema.told);
    // Other callers still use it.
    if (call === 'Stop') return answerOf(nothing);
    if (call === 'Configure') {
      const { plugin, answered } = await configured(message);
      if (session !== undefined) of.set(session, plugin);
      return answered;
    }
    const plugin = (session && of.get(session)) ?? first;
    if (call === 'PrepareProviderConfig') return asked(plugin, call, withoutEndpoints(message), undefined);
    return ofResources.has(call) ? askOfResource(plugin, call, message) : asked(plugin, call, message, undefined);
  });
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 5,
    Pid: process.pid,
    // So that terraform does not end us.
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
  return {
    variables: { TF_REATTACH_PROVIDERS: JSON.stringify({ 'registry.terraform.io/hashicorp/aws': reattach }) },
    see: async (stackFolder) => {
      await linkAssets(stackFolder, at);
      webAcls.push(...(await webAclsIn(stackFolder)));
      schema = schemaFor(usedIn(webAcls));
    },
    stop: async () => {
      close();
      await Promise.all(started.map((plugin) => plugin.stop()));
      await rm(at, { recursive: true, force: true });
    },
  };
};
