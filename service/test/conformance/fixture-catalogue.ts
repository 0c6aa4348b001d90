/** The surface the conformance suites expect, over the same routes, bearer check and protocol as the service's own. */
import {
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type RequestStateCodec,
  type Resource,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { Surface } from '../../src/mcp/surface.ts';
import { askingPrompt, askingTools } from './fixture-questions.ts';
import { type Fixture, plainTools } from './fixture-tools.ts';
import { image, png, text } from './samples.ts';

const refuse = (message: string): never => {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
};

const resources: readonly Resource[] = [
  { uri: 'test://static-text', name: 'static-text', description: 'Text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', description: 'An image', mimeType: 'image/png' },
];

const read = (uri: string): ReadResourceResult => {
  if (uri === 'test://static-text')
    return { contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] };
  if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: png }] };
  const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
  if (id === undefined) throw new ResourceNotFoundError(uri);
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }] };
};

const argument = (name: string) => ({ name, description: `The argument ${name}`, required: true });

const prompts: readonly Prompt[] = [
  { name: 'test_simple_prompt', description: 'Takes nothing' },
  { name: 'test_prompt_with_arguments', description: 'Takes two', arguments: [argument('arg1'), argument('arg2')] },
  { name: 'test_prompt_with_embedded_resource', description: 'Embeds', arguments: [argument('resourceUri')] },
  { name: 'test_prompt_with_image', description: 'Shows an image' },
  { name: 'test_input_required_result_prompt', description: 'Asks back' },
];

const user = (content: GetPromptResult['messages'][number]['content']) => ({ role: 'user' as const, content });

const prompted: Readonly<Record<string, (args: Readonly<Record<string, string>>) => GetPromptResult>> = {
  test_simple_prompt: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }),
  test_prompt_with_arguments: ({ arg1, arg2 }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  }),
  test_prompt_with_embedded_resource: ({ resourceUri: uri = '' }) => ({
    messages: [
      user({
        type: 'resource',
        resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
      }),
      user(text('Please process the embedded resource above.')),
    ],
  }),
  test_prompt_with_image: () => ({ messages: [user(image), user(text('Please analyze the image above.'))] }),
};

const completions = ['paris', 'park', 'party'];

export const fixtureSurface = (codec: RequestStateCodec<unknown>): Surface => {
  const tools: Readonly<Record<string, Fixture | ReturnType<typeof askingTools>[string]>> = {
    ...plainTools,
    ...askingTools(codec),
  };
  const listed = Object.entries(tools).map(([name, { description, inputSchema }]) => ({
    name,
    description,
    inputSchema: inputSchema ?? { type: 'object' as const, properties: {} },
  }));
  return {
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
    instructions: 'Fixtures of the conformance suites.',
    scopesOf: async () => [],
    isPlain: (name) => tools[name]?.plain === true,
    listTools: () => ({ items: listed }),
    callTool: async (name, _args, info) => (tools[name] ?? refuse(`Unknown tool ${name}`)).run(info),
    listResources: async () => ({ items: [...resources] }),
    listResourceTemplates: () => [
      {
        uriTemplate: 'test://template/{id}/data',
        name: 'template',
        description: 'One by id',
        mimeType: 'application/json',
      },
    ],
    readResource: async (uri) => read(uri),
    listPrompts: () => [...prompts],
    getPrompt: async (name, args, info) =>
      name === 'test_input_required_result_prompt'
        ? askingPrompt(info)
        : (prompted[name] ?? refuse(`Unknown prompt ${name}`))(args),
    complete: async (_of, { value }) => {
      const values = completions.filter((completion) => completion.startsWith(value));
      return { completion: { values, total: values.length, hasMore: false } };
    },
  };
};
