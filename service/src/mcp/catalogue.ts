/**
 * The catalogue: every tool that is served, checked and compiled once at start. Requests only look things up in it.
 */
import { z } from 'zod';
import { coreTools, packs } from '../../../contracts/packs.ts';
import { CountersignError } from '../errors.ts';
import { Controls, controls, envelopes } from './controls.ts';
import type { Tool } from './tool.ts';

/** What tools/list says of a tool. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { type: 'object'; [key: string]: unknown };
  readonly outputSchema: { type: 'object'; [key: string]: unknown };
  readonly annotations: Tool['annotations'] & { readonly title: string };
  readonly _meta: Readonly<Record<string, unknown>>;
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

const declared = new Set<string>([
  ...Object.keys(coreTools),
  ...Object.values(packs).flatMap((pack) => Object.keys(pack.tools)),
]);

/** Builds the catalogue. @throws when a tool is named twice or is not in contracts/packs.ts */
export const createCatalogue = (tools: readonly Tool[]): Catalogue => {
  const entries = new Map<string, CatalogueEntry>();
  for (const tool of tools) {
    if (!declared.has(tool.name)) throw new Error(`${tool.name} is not declared in contracts/packs.ts`);
    if (entries.has(tool.name)) throw new Error(`${tool.name} is defined twice`);
    entries.set(tool.name, compile(tool));
  }
  return { entries, list: [...entries.values()].map((entry) => entry.listed) };
};

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): { type: 'object'; [key: string]: unknown } => {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return { ...json, type: 'object' };
};

const compile = (tool: Tool): CatalogueEntry => {
  const own = controls(tool);
  const input = z.strictObject({ ...tool.input.shape, ...own });
  const output = tool.output;
  const controlNames = new Set(Object.keys(own));
  return {
    tool,
    listed: {
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: jsonSchema(input, 'input'),
      // One schema, so that its definitions stand at the root, where its references look for them. Revisions before
      // 2026-07-28 want an object there too.
      outputSchema: jsonSchema(z.union([output, ...envelopes(tool)]), 'output'),
      annotations: { title: tool.title, ...tool.annotations },
      _meta: { 'countersign/kind': tool.kind, 'countersign/scopes': tool.scopes },
    },
    parse: (args) => {
      const result = input.safeParse(args ?? {});
      if (!result.success) throw invalidInput(result.error);
      const given = Object.entries(result.data);
      return {
        input: Object.fromEntries(given.filter(([name]) => !controlNames.has(name))),
        controls: Controls.parse(Object.fromEntries(given.filter(([name]) => controlNames.has(name)))),
      };
    },
    check: (value) => {
      const result = output.safeParse(value);
      if (result.success) return result.data;
      throw new Error(`${tool.name} returned what its output schema forbids: ${z.prettifyError(result.error)}`);
    },
  };
};

/** Says per field what is wrong and what would be right. */
export const invalidInput = (error: z.ZodError): CountersignError => {
  const fields = error.issues.slice(0, 20).map((issue) => ({
    field:
      issue.path.map(String).join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : '(arguments)'),
    problem: issue.code === 'unrecognized_keys' ? 'is not an argument of this tool; remove it' : issue.message,
  }));
  const text = fields.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  return new CountersignError('invalid_input', text, { details: { fields } });
};
