/**
 * What the protocol layer serves, in the words of the protocol. The application's surface is made of its catalogue; the
 * conformance suite mounts another one in the same app.
 */
import type {
  CallToolResult,
  CompleteResult,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerCapabilities,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';
import type { RequestOrigin } from '../origin.ts';

/** Around one request. */
export interface RequestInfo {
  readonly caller: Caller;
  readonly origin: RequestOrigin;
  readonly era: 'legacy' | 'modern';
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
  /** To be called when the answer is that the store is away. */
  readonly onStoreAway: () => void;
  /** The SDK's context: signal, notifications, input responses. */
  readonly mcp: ServerContext;
}

export interface Listing<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

export interface Surface {
  readonly capabilities: ServerCapabilities;
  /** For the model: what this server is for and how its answers are to be read. */
  readonly instructions: string;
  /** Scopes a call needs; none for a name that does not exist, whose call is answered in band. */
  scopesOf(tool: string, args: unknown, caller: Caller): Promise<readonly Scope[]>;
  /** The tool answers in one go: it may tell progress to who asked for it, and never asks back. */
  isPlain(tool: string): boolean;
  listTools(cursor: string | undefined): Listing<Tool>;
  callTool(name: string, args: unknown, info: RequestInfo): Promise<CallToolResult | InputRequiredResult>;
  listResources(cursor: string | undefined, info: RequestInfo): Promise<Listing<Resource>>;
  listResourceTemplates(): ResourceTemplateType[];
  readResource(uri: string, info: RequestInfo): Promise<ReadResourceResult>;
  listPrompts(): Prompt[];
  getPrompt(
    name: string,
    args: Readonly<Record<string, string>>,
    info: RequestInfo,
  ): Promise<GetPromptResult | InputRequiredResult>;
  /** `of`: the prompt, the resource template, or (ours) the tool whose argument is being typed. */
  complete(
    of: { readonly prompt: string } | { readonly template: string },
    argument: { readonly name: string; readonly value: string },
    info: RequestInfo,
  ): Promise<CompleteResult>;
}
