/** What takes a token: both ways of the protocol, the list of tools, a read that touches the store, and a dry run. */
import { z } from 'zod';
import { SmokeFailed } from '../ports.ts';
import { call, initializing, type Target } from './target.ts';

const Tool = z.looseObject({
  name: z.string(),
  inputSchema: z.looseObject({
    properties: z.record(z.string(), z.unknown()).default({}),
    required: z.array(z.string()).default([]),
  }),
  annotations: z.looseObject({ readOnlyHint: z.boolean().default(false) }).default({ readOnlyHint: false }),
});
type Tool = z.infer<typeof Tool>;
const Tools = z.looseObject({ tools: z.array(Tool).min(1) });
const Initialized = z.looseObject({ serverInfo: z.looseObject({ name: z.string(), version: z.string() }) });
const Discovered = z.looseObject({ supportedVersions: z.array(z.string()).min(1) });
const Called = z.looseObject({
  isError: z.boolean().default(false),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })).default([]),
});

/** A tool call to try as a dry run. */
export const Trial = z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) });
export type Trial = z.infer<typeof Trial>;

// Operations lie in tables that a new version may have added or changed.
const preferred = 'list_pending_operations';

const needsNothing = ({ inputSchema }: Tool): boolean => inputSchema.required.length === 0;
const takesDryRun = ({ inputSchema }: Tool): boolean => 'dry_run' in inputSchema.properties;

const runTool = async (target: Target, variant: string, trial: Trial) => {
  const called = await call(target, variant, 'tools/call', trial, Called);
  if (called.isError) throw new SmokeFailed(`${trial.name} failed: ${called.content[0]?.text ?? 'without a word'}`);
  return called.structuredContent;
};

const tryDryRun = async (target: Target, variant: string, { name, arguments: args }: Trial): Promise<void> => {
  const answer = await runTool(target, variant, { name, arguments: { ...args, dry_run: true } });
  if (answer?.dry_run !== true) throw new SmokeFailed(`${name} did not answer a dry run as one`);
};

/** @returns what could not be proven */
export const checkSignedIn = async (target: Target, variant: string, trial?: Trial): Promise<readonly string[]> => {
  await call(target, variant, 'initialize', initializing, Initialized);
  await call(target, variant, 'server/discover', {}, Discovered, 'modern');
  const { tools } = await call(target, variant, 'tools/list', {}, Tools);
  const reads = tools.filter((tool) => tool.annotations.readOnlyHint && needsNothing(tool));
  const read = reads.find(({ name }) => name === preferred) ?? reads[0];
  if (read !== undefined) await runTool(target, variant, { name: read.name, arguments: {} });
  const dry = tools.find((tool) => takesDryRun(tool) && needsNothing(tool));
  const tried = trial ?? (dry && { name: dry.name, arguments: {} });
  if (tried !== undefined) await tryDryRun(target, variant, tried);
  return [
    ...(read === undefined ? ['a read: no tool reads without arguments'] : []),
    ...(tried === undefined ? ['a dry run: no tool takes one without arguments; name a call with --try'] : []),
    ...(trial === undefined && tried !== undefined
      ? [`the plan of a change: ${tried.name} was tried; name a change with --try`]
      : []),
  ];
};
