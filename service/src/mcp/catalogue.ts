/**
 * The catalogue: every tool that is served, checked and compiled once at start. Requests only look things up in it.
 */
import { z } from 'zod';
import { tools as declared, packNames } from '../../../contracts/packs/index.ts';
import { scopes } from '../../../contracts/scopes.ts';
import { CountersignError } from '../errors.ts';
import { Controls, controls } from './controls.ts';
import { publishedScopes } from './needed-scopes.ts';
import {
  describedOnce,
  type PublishedSchema,
  publishedAnnotations,
  publishedInput,
  publishedOutput,
  withoutTold,
} from './published.ts';
import type { Tool } from './tool.ts';

/** What tools/list says of a tool. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: PublishedSchema;
  readonly outputSchema: PublishedSchema;
  readonly annotations: ReturnType<typeof publishedAnnotations>;
  /** The scopes of a call, where it takes more than everybody has who is connected. */
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface CatalogueEntry {
  readonly tool: Tool;
  readonly listed: ListedTool;
  /** Splits and validates arguments. @throws invalid_input naming each field */
  parse(args: unknown): { readonly input: Record<string, unknown>; readonly controls: Controls };
  /** Validates what the tool returned. @throws a fault: the tool broke its own contract */
  check(output: unknown): Record<string, unknown>;
}

export interface Catalogue {
  readonly entries: ReadonlyMap<string, CatalogueEntry>;
  readonly list: readonly ListedTool[];
}

/**
 * Builds the catalogue.
 * @param packs names of those that are enabled; their scopes are told
 * @throws when a tool is named twice or is not in contracts/packs
 */
export const createCatalogue = (tools: readonly Tool[], packs: readonly string[] = packNames): Catalogue => {
  const entries = new Map<string, CatalogueEntry>();
  const told = new Set<string>();
  for (const tool of tools) {
    if (!Object.hasOwn(declared, tool.name)) throw new Error(`${tool.name} is not declared in contracts/packs`);
    if (entries.has(tool.name)) throw new Error(`${tool.name} is defined twice`);
    entries.set(tool.name, compile(tool, packs, told));
  }
  return { entries, list: [...entries.values()].map((entry) => entry.listed) };
};

/** Reading scopes are told where clients connect: in the metadata, and in the challenge. */
const publishedMeta = (tool: Tool, packs: readonly string[]): Pick<ListedTool, '_meta'> => {
  const told = publishedScopes(tool, packs);
  return told.some((name) => scopes[name].elevated) ? { _meta: { 'countersign/scopes': told } } : {};
};

const compile = (tool: Tool, packs: readonly string[], told: Set<string>): CatalogueEntry => {
  const own = controls(tool);
  // safeExtend keeps the checks between fields; a new object of the same shape would lose them.
  const input = tool.input.safeExtend(own).strict();
  const given = withoutNulls(input);
  const output = tool.output;
  const controlNames = new Set(Object.keys(own));
  return {
    tool,
    listed: {
      name: tool.name,
      description: tool.description,
      inputSchema: describedOnce(publishedInput(input, tool), controlNames, told),
      outputSchema: withoutTold(publishedOutput(tool), told),
      annotations: publishedAnnotations(tool),
      ...publishedMeta(tool, packs),
    },
    parse: (args) => {
      const result = input.safeParse(given(args ?? {}));
      if (!result.success) throw invalidInput(result.error);
      const read = Object.entries(result.data);
      return {
        input: Object.fromEntries(read.filter(([name]) => !controlNames.has(name))),
        controls: Controls.parse(Object.fromEntries(read.filter(([name]) => controlNames.has(name)))),
      };
    },
    check: (value) => {
      const result = output.safeParse(value);
      if (result.success) return result.data;
      throw new Error(`${tool.name} returned what its output schema forbids: ${z.prettifyError(result.error)}`);
    },
  };
};

/** Takes null for none where an argument may be left out: some hosts make models fill in all of them. */
const withoutNulls = (schema: z.ZodObject) => {
  const omittable = new Set(
    Object.entries(schema.shape)
      .filter(([, field]) => field._zod.optin !== undefined && !z.safeParse(field, null).success)
      .map(([name]) => name),
  );
  return (args: unknown): unknown =>
    typeof args === 'object' && !Array.isArray(args) && args !== null
      ? Object.fromEntries(Object.entries(args).filter(([name, value]) => value !== null || !omittable.has(name)))
      : args;
};

const fieldOf = ({ path }: z.core.$ZodIssue): string =>
  path.map((part) => (part === '' ? '""' : String(part))).join('.');

const told = (issue: z.core.$ZodIssue): { readonly field: string; readonly problem: string } => {
  if (issue.code === 'unrecognized_keys')
    return { field: fieldOf(issue) || issue.keys.join(', '), problem: 'is not an argument of this tool; remove it' };
  const field = fieldOf(issue) || '(arguments)';
  if (issue.code !== 'invalid_key') return { field, problem: issue.message };
  const why = issue.issues.map(({ message }) => message).join(', ');
  return { field, problem: `cannot be a name here (${why}); choose another` };
};

/** Says per field what is wrong and what would be right. */
export const invalidInput = (error: z.ZodError): CountersignError => {
  const fields = error.issues.slice(0, 20).map(told);
  const text = fields.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  return new CountersignError('invalid_input', text, { details: { fields } });
};
