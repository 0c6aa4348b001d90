/** Tools that answer in one go, some telling how far they are: what the conformance suites call by these names. */
import type { CallToolResult, Tool } from '@modelcontextprotocol/server';
import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import type { RequestInfo } from '../../src/mcp/surface.ts';
import { clientCapabilities } from './client-capabilities.ts';
import { image, text, wav } from './samples.ts';

export interface Fixture<Result = CallToolResult> {
  readonly description: string;
  readonly inputSchema?: Tool['inputSchema'];
  /** Neither tells progress nor asks back, and so may take the service's short way. */
  readonly plain?: boolean;
  run(info: RequestInfo): Promise<Result>;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const say = (value: string): CallToolResult => ({ content: [text(value)] });

const plain = (description: string, result: CallToolResult): Fixture => ({
  description,
  plain: true,
  run: async () => result,
});

const log = async ({ mcp }: RequestInfo, data: string): Promise<void> => {
  // Sent with a level the client asked for, or not at all: the SDK decides.
  await mcp.mcpReq.log('info', data);
};

const progress = async ({ mcp }: RequestInfo, done: number): Promise<void> => {
  const progressToken = mcp.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress: done, total: 100 };
  await mcp.mcpReq.notify({ method: 'notifications/progress', params });
};

/** SEP-1613 and SEP-2106: keywords of JSON Schema 2020-12 that must reach the client as they are. */
const rich: Tool['inputSchema'] = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const embedded = (uri: string, mimeType: string, value: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: value },
});

export const plainTools: Readonly<Record<string, Fixture>> = {
  test_simple_text: plain('Returns text', say('This is a simple text response for testing.')),
  test_image_content: plain('Returns an image', { content: [image] }),
  test_audio_content: plain('Returns audio', { content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: plain('Returns a resource', {
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: plain('Returns text, an image and a resource', {
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: plain('Always fails', {
    isError: true,
    ...say('This tool intentionally returns an error for testing'),
  }),
  json_schema_2020_12_tool: { ...plain('Tool with JSON Schema 2020-12 features', say('ok')), inputSchema: rich },
  test_tool_with_logging: {
    description: 'Logs while it runs',
    run: async (info) => {
      await log(info, 'Tool execution started');
      await pause();
      await log(info, 'Tool processing data');
      await pause();
      await log(info, 'Tool execution completed');
      return say('Logged three messages.');
    },
  },
  test_logging_tool: {
    description: 'Logs once, to clients that asked for logs',
    run: async (info) => {
      await log(info, 'A log message');
      return say('Logged.');
    },
  },
  test_tool_with_progress: {
    description: 'Tells how far it is',
    run: async (info) => {
      await progress(info, 0);
      await pause();
      await progress(info, 50);
      await pause();
      await progress(info, 100);
      return say('Done.');
    },
  },
  test_missing_capability: {
    description: 'Needs a client that can sample',
    run: async (info) => {
      if (clientCapabilities(info).sampling === undefined)
        throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
      return say('The client can sample.');
    },
  },
};
