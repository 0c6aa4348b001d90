/** MCP clients as hosts build them: each authorizes as its person is sent through the pages, and steps up by itself. */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';
import { Host, type HostOptions } from './host.ts';
import type { Person } from './person.ts';

/** A tool's own result. */
export type Structured = Readonly<Record<string, unknown>>;

/** A tool call that the service refused, with its code. */
export class ToolFailure extends Error {
  readonly code: string;
  readonly details: Structured;

  constructor({ code, message, details }: { code: string; message: string; details: Structured }) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

const ToolAnswer = z.looseObject({
  isError: z.boolean().optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })),
});
const Failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }),
});

/** What the tool answered. @throws ToolFailure */
export const structuredOf = (answer: unknown): Structured => {
  const { isError, structuredContent, content } = ToolAnswer.parse(answer);
  if (isError) throw new ToolFailure(Failure.parse(JSON.parse(content[0]?.text ?? '{}')).error);
  return structuredContent ?? {};
};

/** The code a call is refused with; `answered` when it is not. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: unknown) => {
      if (error instanceof ToolFailure) return error.code;
      throw error;
    },
  );

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; total?: number; message?: string }) => void;
}

/** A connected client, whatever it is built with. */
export interface Agent {
  call(tool: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Structured>;
  tools(): Promise<string[]>;
  close(): Promise<void>;
}

/** The SDK's second generation. */
export class ModernAgent implements Agent {
  readonly host: Host;
  readonly client: Client;
  readonly #transport: StreamableHTTPClientTransport;

  private constructor(host: Host, client: Client, transport: StreamableHTTPClientTransport) {
    this.host = host;
    this.client = client;
    this.#transport = transport;
  }

  /** @param era modern: 2026-07-28; legacy: the handshake of 2025 */
  static async connect(
    origin: string,
    person: Person,
    options: HostOptions & { readonly era?: 'modern' | 'legacy' } = {},
  ): Promise<ModernAgent> {
    const { era = 'modern' } = options;
    return ModernAgent.#attempt(new URL(`${origin}/mcp`), new Host(person, options), era);
  }

  static async #attempt(url: URL, host: Host, era: 'modern' | 'legacy', again = true): Promise<ModernAgent> {
    const transport = new StreamableHTTPClientTransport(url, { authProvider: host });
    const versionNegotiation = era === 'modern' ? { versionNegotiation: { mode: 'auto' as const } } : {};
    const client = new Client({ name: 'housekeeper', version: '1.0.0' }, versionNegotiation);
    try {
      await client.connect(transport);
    } catch (error) {
      if (!again || !(error instanceof UnauthorizedError)) throw error;
      await transport.finishAuth(host.answer());
      return ModernAgent.#attempt(url, host, era, false);
    }
    return new ModernAgent(host, client, transport);
  }

  /** Any request; where it needs more, the person is sent to authorize it and it is repeated once. */
  async ask<T>(request: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await request(this.client);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      await this.#transport.finishAuth(this.host.answer());
      return request(this.client);
    }
  }

  async call(tool: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Structured> {
    return structuredOf(await this.ask((client) => client.callTool({ name: tool, arguments: args }, options)));
  }

  async tools(): Promise<string[]> {
    return (await this.ask((client) => client.listTools())).tools.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** The SDK's first generation, which most hosts still embed. */
export class FirstAgent implements Agent {
  readonly host: Host;
  readonly client: ClientV1;
  readonly #transport: TransportV1;

  private constructor(host: Host, client: ClientV1, transport: TransportV1) {
    this.host = host;
    this.client = client;
    this.#transport = transport;
  }

  static async connect(origin: string, person: Person, options: HostOptions = {}): Promise<FirstAgent> {
    return FirstAgent.#attempt(new URL(`${origin}/mcp`), new Host(person, options));
  }

  static async #attempt(url: URL, host: Host, again = true): Promise<FirstAgent> {
    const transport = new TransportV1(url, { authProvider: host });
    const client = new ClientV1({ name: 'housekeeper', version: '1.0.0' });
    try {
      await client.connect(transport);
    } catch (error) {
      if (!again || !(error instanceof UnauthorizedV1)) throw error;
      await transport.finishAuth(host.answer().get('code') ?? '');
      return FirstAgent.#attempt(url, host, false);
    }
    return new FirstAgent(host, client, transport);
  }

  async call(tool: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Structured> {
    const request = () => this.client.callTool({ name: tool, arguments: args }, undefined, options);
    try {
      return structuredOf(await request());
    } catch (error) {
      if (!(error instanceof UnauthorizedV1)) throw error;
      await this.#transport.finishAuth(this.host.answer().get('code') ?? '');
      return structuredOf(await request());
    }
  }

  async tools(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
