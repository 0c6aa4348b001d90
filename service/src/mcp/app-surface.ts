/** The application's surface: its catalogue, dispatched; its resources and prompts. */
import {
  type CallToolResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
  type Resource,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { missingScopes, type Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';
import { namedScopes } from '../auth/challenge.ts';
import type { Belief } from '../call.ts';
import { CountersignError } from '../errors.ts';
import type { Catalogue, ListedTool } from './catalogue.ts';
import type { PromptDefinition, ResourceDefinition, ResourceFamily } from './content.ts';
import type { Dispatch, ToolResult } from './dispatch.ts';
import type { NeededScopes } from './needed-scopes.ts';
import type { Listing, RequestInfo, Surface } from './surface.ts';

export interface SurfaceParts {
  readonly catalogue: Catalogue;
  readonly dispatch: Dispatch;
  readonly needed: NeededScopes;
  /** Names of the packs that are enabled. */
  readonly packs: readonly string[];
  readonly resources: readonly ResourceDefinition[];
  readonly families: readonly ResourceFamily[];
  readonly prompts: readonly PromptDefinition[];
  readonly instructions: string;
}

/** Tools of one page; a catalogue of all packs stays below two pages. */
const TOOLS_PER_PAGE = 50;
/** The specification's limit on values of one completion. */
const MOST_COMPLETIONS = 100;

const refuse = (message: string): never => {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
};

export const createAppSurface = (parts: SurfaceParts): Surface => {
  const { catalogue, dispatch, resources, families, prompts } = parts;
  const pages = toolPages(catalogue.list);
  const listedPrompts = prompts.map(listPrompt);
  return {
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
    instructions: parts.instructions,
    scopesOf: async (tool, args, caller) => {
      const entry = catalogue.entries.get(tool);
      return entry ? parts.needed(entry.tool, args, caller) : [];
    },
    isPlain: (tool) => catalogue.entries.has(tool),
    listTools: (cursor) => pages(cursor),
    callTool: (name, args, info) => callTool(dispatch, name, args, info),
    listResources: (cursor, info) => listResources(resources, families, cursor, info.caller),
    listResourceTemplates: () =>
      families.map(({ template, name, title, description, mimeType }) => ({
        uriTemplate: template,
        name,
        title,
        description,
        mimeType,
      })),
    readResource: async (uri, info) => {
      const { text, mimeType } = await readResource(parts, uri, info);
      return { contents: [{ uri, mimeType, text }] };
    },
    listPrompts: () => listedPrompts,
    getPrompt: async (name, args) => {
      const prompt = prompts.find((candidate) => candidate.name === name) ?? refuse(`Unknown prompt ${name}`);
      const missing = prompt.arguments.find((argument) => argument.required && !args[argument.name]);
      if (missing) refuse(`${missing.name}: is required. ${missing.description}`);
      const messages = prompt
        .render(args)
        .map(({ role, text }) => ({ role, content: { type: 'text' as const, text } }));
      return { description: prompt.description, messages };
    },
    complete: async (of, argument, info) => {
      const values = await completions(parts, of, argument, info);
      const most = values.slice(0, MOST_COMPLETIONS);
      return { completion: { values: [...most], total: values.length, hasMore: values.length > most.length } };
    },
  };
};

const toolPages = (list: readonly ListedTool[]) => {
  const starts = Array.from({ length: Math.ceil(list.length / TOOLS_PER_PAGE) || 1 }, (_, n) => n * TOOLS_PER_PAGE);
  const pages = new Map<string, Listing<ListedTool>>(
    starts.map((start) => {
      const end = start + TOOLS_PER_PAGE;
      const items = list.slice(start, end);
      return [String(start), end < list.length ? { items, nextCursor: String(end) } : { items }];
    }),
  );
  return (cursor: string | undefined): Listing<ListedTool> =>
    pages.get(cursor ?? '0') ?? refuse('cursor: is not one of this list. Start without it.');
};

const callTool = async (
  dispatch: Dispatch,
  name: string,
  args: unknown,
  info: RequestInfo,
): Promise<CallToolResult> => {
  const { caller, origin, mcp, gone } = info;
  const token = mcp.mcpReq._meta?.progressToken;
  try {
    const result = await dispatch({
      name,
      args,
      caller,
      origin,
      // Stateless: a client cancels by hanging up, in both eras.
      signal: gone,
      progress: async (progress, total, message) => {
        if (token === undefined) return;
        const params = { progressToken: token, progress, total, ...(message === undefined ? {} : { message }) };
        await mcp.mcpReq.notify({ method: 'notifications/progress', params });
      },
    });
    return toolResult(result);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    if (error.code === 'unknown_tool') refuse(error.message);
    if (error.code === 'store_unavailable') info.onStoreAway();
    return toolError(error);
  }
};

/** Values of one assumption that are shown; every region may be one. */
const MOST_ASSUMED = 10;

const assumed = ({ parameter, assumed: value, because }: Belief) =>
  Array.isArray(value) && value.length > MOST_ASSUMED
    ? { parameter, assumed: value.slice(0, MOST_ASSUMED), and_more: value.length - MOST_ASSUMED, because }
    : { parameter, assumed: value, because };

/** The document an answer is a part of, as a link a client can follow. */
const linked = ({ operation_uri: uri }: Record<string, unknown>): CallToolResult['content'] =>
  typeof uri === 'string'
    ? [{ type: 'resource_link', uri, name: uri.slice(uri.lastIndexOf('/') + 1), mimeType: 'application/json' }]
    : [];

/**
 * Structured content, and the same as text. Some clients hand the model only the one and some only the other, so every
 * fact is in both.
 */
export const toolResult = (result: ToolResult): CallToolResult => {
  const beliefs = result.beliefs.map(assumed);
  const structured = { ...result.structured, ...(beliefs.length === 0 ? {} : { assumed: beliefs }) };
  return {
    structuredContent: structured,
    content: [
      { type: 'text', text: JSON.stringify(structured) },
      ...beliefs.map((belief) => ({
        type: 'text' as const,
        text: `Assumed ${belief.parameter} = ${JSON.stringify(belief.assumed)}: ${belief.because}`,
      })),
      ...linked(structured),
    ],
  };
};

export const toolError = (error: CountersignError): CallToolResult => ({
  isError: true,
  content: [
    {
      type: 'text',
      text: JSON.stringify({ error: { code: error.code, message: error.message, details: error.details } }),
    },
  ],
});

const listPrompt = (prompt: PromptDefinition): Prompt => ({
  name: prompt.name,
  title: prompt.title,
  description: prompt.description,
  arguments: prompt.arguments.map(({ name, description, required }) => ({ name, description, required })),
});

const addressOf = (family: ResourceFamily, value: string): string =>
  family.template.replace(`{${family.variable}}`, encodeURIComponent(value));

/** Fixed resources first, then the newest of each family; the cursor is the family's number and its own cursor. */
const listResources = async (
  resources: readonly ResourceDefinition[],
  families: readonly ResourceFamily[],
  cursor: string | undefined,
  caller: Caller,
): Promise<Listing<Resource>> => {
  const [, number = '0', inner = ''] =
    /^(\d+):(.*)$/s.exec(cursor ?? '0:') ?? refuse('cursor: is not one of this list.');
  const index = Number(number);
  const family = families[index];
  const fixed = cursor === undefined ? resources.map(({ read: _read, scopes: _scopes, ...listed }) => listed) : [];
  if (!family) return { items: fixed };
  const found = await family.list(inner || undefined, caller);
  const { mimeType } = family;
  const members = found.items.map(({ value, title }) => ({
    uri: addressOf(family, value),
    name: value,
    title,
    mimeType,
  }));
  const next =
    found.cursor === undefined
      ? index + 1 < families.length
        ? `${index + 1}:`
        : undefined
      : `${index}:${found.cursor}`;
  const items = [...fixed, ...members];
  return next === undefined ? { items } : { items, nextCursor: next };
};

const allowed = (scopes: readonly Scope[], { caller }: RequestInfo, packs: readonly string[]): void => {
  if (missingScopes(caller.scopes, scopes).length > 0)
    refuse(`This resource needs the scope ${namedScopes(caller, scopes, packs).join(' ')}.`);
};

const readResource = async (
  { resources, families, packs }: SurfaceParts,
  uri: string,
  info: RequestInfo,
): Promise<{ text: string; mimeType: string }> => {
  const fixed = resources.find((resource) => resource.uri === uri);
  if (fixed) {
    allowed(fixed.scopes, info, packs);
    return { text: await fixed.read(info.caller), mimeType: fixed.mimeType };
  }
  for (const family of families) {
    const [head = '', tail = ''] = family.template.split(`{${family.variable}}`);
    if (!uri.startsWith(head) || !uri.endsWith(tail)) continue;
    allowed(family.scopes, info, packs);
    const text = await family.read(decoded(uri.slice(head.length, uri.length - tail.length)), info.caller);
    if (text !== undefined) return { text, mimeType: family.mimeType };
  }
  throw new ResourceNotFoundError(uri);
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return refuse('uri: is not well-formed; its percent signs must begin an escape.');
    throw error;
  }
};

const completions = async (
  parts: SurfaceParts,
  of: { readonly prompt: string } | { readonly template: string },
  argument: { readonly name: string; readonly value: string },
  info: RequestInfo,
): Promise<readonly string[]> => {
  if ('template' in of) {
    const family =
      parts.families.find((candidate) => candidate.template === of.template) ?? refuse('Unknown resource template');
    allowed(family.scopes, info, parts.packs);
    return family.variable === argument.name ? family.complete(argument.value, info.caller) : [];
  }
  const prompt = parts.prompts.find((candidate) => candidate.name === of.prompt);
  if (prompt) {
    if (missingScopes(info.caller.scopes, prompt.scopes ?? ['operations:read']).length > 0) return [];
    const known = prompt.arguments.find((candidate) => candidate.name === argument.name);
    return (await known?.complete?.(argument.value, info.caller)) ?? [];
  }
  // The protocol completes prompts and templates only; a tool's name in place of a prompt's completes its arguments.
  const entry = parts.catalogue.entries.get(of.prompt) ?? refuse(`Unknown prompt ${of.prompt}`);
  // Of a decision they are operations, of which its own completion knows those that the caller may see.
  const lacks = entry.tool.kind !== 'decision' && missingScopes(info.caller.scopes, entry.tool.scopes).length > 0;
  if (lacks) return [];
  return (await entry.tool.complete?.(argument.name, argument.value, info.caller)) ?? [];
};
