/**
 * What tools/list says of a tool's schemas. A model reads all of it before it does anything, so it is as short as it
 * can be without saying something else. What is checked is what the tool's own schemas say.
 */
import { z } from 'zod';
import { scopes } from '../../../contracts/scopes.ts';
import type { Tool } from './tool.ts';

export interface PublishedSchema {
  readonly type: 'object';
  readonly [key: string]: unknown;
}

/** Answers in place of a tool's own are told apart by one member; the others explain themselves when they come. */
const DryRunOutline = z.looseObject({
  dry_run: z.literal(true).describe('With dry_run: estimated_scope, plan'),
});
const ClarificationOutline = z.looseObject({
  clarification_needed: z.literal(true).describe('A question first: ambiguities, intent_commit'),
});

/** Tools with an elevated scope may name the page where it is raised; see step-up-needed.ts. */
const StepUpOutline = { type: 'object', properties: { step_up_url: { type: 'string' } }, required: ['step_up_url'] };

type Json = Readonly<Record<string, unknown>>;
/** @param depth how many `properties` are around the schema */
type Step = (schema: Json, depth: number) => Json;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes the step on each schema within a schema, inner ones first. Names of members are not keywords. */
const walk = (schema: unknown, step: Step, depth = 0): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => walk(each, step, depth));
  if (!isObject(schema)) return schema;
  const inner = Object.entries(schema).map(([keyword, value]) => [
    keyword,
    keyword === 'properties' && isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, step, depth + 1)]))
      : walk(value, step, depth),
  ]);
  return step(Object.fromEntries(inner), depth);
};

const without = (schema: Json, unsaid: (keyword: string, value: unknown) => boolean): Json =>
  Object.fromEntries(Object.entries(schema).filter(([keyword, value]) => !unsaid(keyword, value)));

/** Zod writes the bounds of a safe integer out. */
const isGiven = (keyword: string, value: unknown): boolean =>
  (keyword === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
  (keyword === 'maximum' && value === Number.MAX_SAFE_INTEGER);

/** z.json(): a recursive definition, written out anew wherever it is used, that allows what `{}` allows. */
const isAnyJson = ({ $ref }: Json): boolean => typeof $ref === 'string' && $ref.startsWith('#/$defs/__schema');

/** Values an answer may have that are worth a list. */
const MOST_VALUES = 20;

/** Bounds are for whoever fills a value in, and an answer is filled in already. */
const bounds = new Set(
  'default minLength maxLength pattern format minItems maxItems minimum maximum propertyNames required'.split(' '),
);
/** Answers gain members over time: a client that refused them for it would break. */
const isClosed = (keyword: string, value: unknown): boolean =>
  keyword === 'additionalProperties' && (value === false || JSON.stringify(value) === '{}');

const isUnsaidOfAnswers = (keyword: string, value: unknown): boolean =>
  bounds.has(keyword) ||
  isClosed(keyword, value) ||
  (keyword === 'enum' && Array.isArray(value) && value.length > MOST_VALUES);

const inPlain: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'anyOf']);
/** Says no more of a member than its type, which the answer shows anyway. */
const isPlain = (member: unknown): boolean =>
  Array.isArray(member)
    ? member.every(isPlain)
    : isObject(member) &&
      Object.entries(member).every(
        ([keyword, value]) => keyword === 'type' || (inPlain.has(keyword) && isPlain(value)),
      );

/** A part of an answer: its members with nothing to say of them are listed by name. */
const outlined = (schema: Json): Json => {
  if (!isObject(schema.properties)) return schema;
  const { properties, description, ...rest } = schema;
  const members = Object.entries(schema.properties);
  const plain = members.filter(([, member]) => isPlain(member)).map(([name]) => name);
  const told = members.filter(([, member]) => !isPlain(member));
  const words = [
    ...(description === undefined ? [] : [description]),
    ...(plain.length === 0 ? [] : [plain.join(', ')]),
  ];
  return {
    ...rest,
    ...(words.length === 0 ? {} : { description: words.join(': ') }),
    ...(told.length === 0 ? {} : { properties: Object.fromEntries(told) }),
  };
};

const ofAnswer: Step = (schema, depth) => {
  if (isAnyJson(schema)) return without(schema, (keyword) => keyword === '$ref');
  const said = without(schema, isUnsaidOfAnswers);
  return depth === 0 ? said : outlined(said);
};

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output', step: Step): Json => {
  const { $schema: _dialect, $defs, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  const named = Object.entries($defs ?? {}).filter(([name]) => !name.startsWith('__schema'));
  const definitions = Object.fromEntries(named.map(([name, definition]) => [name, walk(definition, step, 1)]));
  return { ...Object(walk(json, step)), ...(named.length === 0 ? {} : { $defs: definitions }) };
};

/**
 * Words an input schema must not have, because hosts hand it to their model's interface and some of those refuse the
 * whole list of tools for one of them. What they would say is checked when the tool is called.
 */
export const refusedByHosts: Readonly<Record<string, string>> = {
  propertyNames: 'OpenAI (strict) and Gemini know no such word',
  patternProperties: 'OpenAI (strict) and Gemini know no such word',
  $ref: 'Gemini and many gateways resolve no references; a recursive one ends in a crash or a refusal',
  $defs: 'only references need them',
  prefixItems: 'OpenAI and Gemini have no tuples',
  oneOf: 'OpenAI (strict) refuses it; anyOf says the same',
  allOf: 'OpenAI (strict) refuses it; members can be written in one place',
  not: 'OpenAI (strict) refuses it',
  if: 'OpenAI (strict) refuses it, as then and else',
  dependentRequired: 'OpenAI (strict) refuses it',
  dependentSchemas: 'OpenAI (strict) refuses it',
  unevaluatedProperties: 'OpenAI (strict) refuses it; additionalProperties says it here',
  contains: 'OpenAI (strict) and Gemini know no such word',
  const: 'Gemini knows none; an enum of one value says the same',
  $id: 'resolvers would fetch what references name by it',
};

/** Words no schema may have at its root: Anthropic and OpenAI refuse a union there, and want an object. */
export const refusedAtRoot: readonly string[] = ['anyOf', 'oneOf', 'allOf', 'enum', 'not'];

/** A format needs no pattern that spells it out, and what a map's names may be is checked when it is called. */
const ofInput: Step = (schema) =>
  without(
    schema,
    (keyword, value) =>
      isGiven(keyword, value) || keyword === 'propertyNames' || (keyword === 'pattern' && schema.format !== undefined),
  );

export const publishedInput = (schema: z.ZodObject): PublishedSchema => ({
  ...jsonSchema(schema, 'input', ofInput),
  type: 'object',
});

/** Members that come with every answer of this shape. */
const required = (shape: z.ZodObject): string[] =>
  Object.entries(shape.shape)
    .filter(([, member]) => member._zod.optout !== 'optional')
    .map(([name]) => name);

/**
 * One schema, so that its definitions stand at the root, where its references look for them. Revisions before
 * 2026-07-28 want an object there too.
 */
export const publishedOutput = (tool: Tool): PublishedSchema => {
  const shapes = [tool.output, DryRunOutline, ...(tool.estimate ? [ClarificationOutline] : [])];
  const { anyOf, ...rest } = jsonSchema(z.union(shapes), 'output', ofAnswer);
  const members = Array.isArray(anyOf) ? anyOf : [];
  const [own, dryRun, ...more] = shapes.map((shape, at) => named(members[at], required(shape)));
  const mayLackScope = tool.kind === 'decision' || tool.scopes.some((scope) => scopes[scope].elevated);
  const unrun = mayLackScope ? { anyOf: [dryRun, StepUpOutline] } : dryRun;
  return { ...rest, type: 'object', anyOf: [own, unrun, ...more] };
};

/** Members that always come are named by `required`; those with nothing more to say are not described as well. */
const named = (schema: unknown, always: readonly string[]): Json => {
  const { properties, ...rest } = Object(schema);
  const told = Object.entries(properties).filter(([name, member]) => !always.includes(name) || !isPlain(member));
  return { ...rest, properties: Object.fromEntries(told), required: always };
};
