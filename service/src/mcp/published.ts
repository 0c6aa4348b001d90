/**
 * What tools/list says of a tool's schemas. A model reads all of it before it does anything, so it is as short as it
 * can be without saying something else. What is checked is what the tool's own schemas say.
 */
import { z } from 'zod';
import { type DryTried, saysMoreDry, type Tool } from './tool.ts';

export interface PublishedSchema {
  readonly type: 'object';
  readonly [key: string]: unknown;
}

type Json = Readonly<Record<string, unknown>>;
type Step = (schema: Json) => Json;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes the step on each schema within a schema, inner ones first. Names of members are not keywords. */
const walk = (schema: unknown, step: Step): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => walk(each, step));
  if (!isObject(schema)) return schema;
  const inner = Object.entries(schema).map(([keyword, value]) => [
    keyword,
    keyword === 'properties' && isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, step)]))
      : walk(value, step),
  ]);
  return step(Object.fromEntries(inner));
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

/** The instructions say what it is. */
const TOLD_ONCE = 'untrusted_text';

const joined = (words: readonly unknown[], by = ': '): string => words.filter((one) => one !== undefined).join(by);

/** An answer, or a part of one: its members with nothing to say of them are listed by name. */
const outlined = (schema: Json): Json => {
  if (!isObject(schema.properties)) return schema;
  const { properties, description, ...rest } = schema;
  const members = Object.entries(schema.properties);
  const plain = members.filter(([name, member]) => isPlain(member) && name !== TOLD_ONCE).map(([name]) => name);
  const told = members.filter(([, member]) => !isPlain(member));
  const words = joined([description, plain.length > 0 ? plain.join(', ') : undefined]);
  return {
    ...rest,
    ...(words !== '' && { description: words }),
    ...(told.length > 0 && { properties: Object.fromEntries(told) }),
  };
};

/** A value or null: null is one more of its values. */
const nullable = (schema: Json): Json => {
  const { anyOf, description, ...rest } = schema;
  const [value, none, ...others] = Array.isArray(anyOf) ? anyOf : [];
  if (!isObject(value) || !isObject(none) || none.type !== 'null' || others.length > 0) return schema;
  // These would refuse null.
  if (['const', 'anyOf', '$ref'].some((keyword) => Object.hasOwn(value, keyword))) return schema;
  const words = joined([description, value.description]);
  return {
    ...rest,
    ...value,
    ...(Array.isArray(value.enum) && { enum: [...value.enum, null] }),
    ...(words !== '' && { description: words }),
  };
};

/** A list of which nothing but its entries is told: in its own description. */
const listed = (schema: Json): Json => {
  const { items, description, ...rest } = schema;
  if (!isObject(items) || typeof items.description !== 'string' || Object.keys(items).length > 1) return schema;
  return { ...rest, description: joined([description, `each: ${items.description}`], '. ') };
};

/** Values of a member that are named with it. */
const MOST_NAMED_VALUES = 5;

/** A member within a part of an answer: its name, and its values where they are few. */
const nameOf = ([name, member]: readonly [string, unknown]): string => {
  const values: readonly unknown[] = isObject(member) && Array.isArray(member.enum) ? member.enum : [];
  const named = values.length > 0 && values.length <= MOST_NAMED_VALUES ? values.map(String).join('|') : '';
  return named === '' ? name : `${name} (${named})`;
};

/** The names within a part, of whatever it is a list or a map of, after its own words. */
const namesWithin = (schema: unknown): string | undefined => {
  if (!isObject(schema)) return undefined;
  const words = typeof schema.description === 'string' ? schema.description : undefined;
  const inner = namesWithin(schema.items) ?? namesWithin(schema.additionalProperties);
  if (inner !== undefined) return joined([words, `each: ${inner}`], '. ');
  if (!isObject(schema.properties)) return undefined;
  // Plain members are named in the description already.
  return joined([words, Object.entries(schema.properties).map(nameOf).join(', ')], ', ');
};

/** Shorter ones take less than the words that they would be told elsewhere. */
const SHORTEST_SHARED = 40;

/**
 * Members of an answer, and what is within them, are named and not described: names say most of it, and a model reads every
 * word before it does anything. Values where they are few, and what lists are of, are told.
 */
const shallow = ({ properties, description, ...rest }: Json): Json => {
  if (!isObject(properties)) return { ...rest, ...(description !== undefined && { description }) };
  const first = new Map<string, string>();
  const members = Object.entries(properties).map(([name, member]) => {
    const names = namesWithin(member);
    if (names === undefined) return [name, member, false] as const;
    // Two parts that differ in their name only: the second refers to the first.
    const twin = names.length >= SHORTEST_SHARED ? first.get(names) : undefined;
    if (twin === undefined) first.set(names, name);
    return [name, { description: twin === undefined ? names : `As ${twin}` }, true] as const;
  });
  // What a list is of stays.
  const isNameEnough = (member: unknown): boolean =>
    isObject(member) && Object.keys(member).join() === 'description' && !String(member.description).includes('each: ');
  const named = members.filter(([, member, within]) => !within && isNameEnough(member)).map(([name]) => name);
  const told = members.filter(([name]) => !named.includes(name)).map(([name, member]) => [name, member]);
  const words = joined([description, named.length > 0 ? named.join(', ') : undefined], ', ');
  return {
    ...rest,
    ...(words !== '' && { description: words }),
    ...(told.length > 0 && { properties: Object.fromEntries(told) }),
  };
};

const ofAnswer: Step = (schema) => {
  if (isAnyJson(schema)) return without(schema, (keyword) => keyword === '$ref');
  const said = without(schema, isUnsaidOfAnswers);
  return without(listed(nullable(outlined(said))), (keyword, value) => keyword === 'type' && value !== 'null');
};

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output', step: Step): Json => {
  const { $schema: _dialect, $defs, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  const named = Object.entries($defs ?? {}).filter(([name]) => !name.startsWith('__schema'));
  const definitions = Object.fromEntries(named.map(([name, definition]) => [name, walk(definition, step)]));
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

const atLeast: ReadonlySet<string> = new Set(['minLength', 'minItems', 'minimum']);

/**
 * What a model assumes unless it is told otherwise, or never meets. What a map's
 * names may be, and that a tool takes no other arguments, is checked when it is called.
 */
const isUnsaidOfInput = (keyword: string, value: unknown): boolean =>
  isGiven(keyword, value) ||
  keyword === 'propertyNames' ||
  (keyword === 'additionalProperties' && value === false) ||
  // The description says it in words, ids are copied from answers, and the refusal names it.
  keyword === 'pattern' ||
  (keyword === 'default' && value === false) ||
  (atLeast.has(keyword) && value === 1) ||
  // Seldom met, and the refusal says how long it may be. Where it matters, the description does.
  keyword === 'maxLength' ||
  keyword === 'maxItems';

const ofInput: Step = (schema) => without(schema, isUnsaidOfInput);

/**
 * Arguments with the metadata `unsaid` are taken and not published: a model has no use for one that only one value is allowed for.
 * @param schema the tool's own arguments with the controls. dry_run is left out where it tells nothing.
 */
export const publishedInput = (schema: z.ZodObject, tool: DryTried): PublishedSchema => {
  const { properties, ...rest } = jsonSchema(schema, 'input', ofInput);
  const said = Object.entries(Object(properties) as Json).filter(([, member]) => !isObject(member) || !member.unsaid);
  const { dry_run, ...own } = Object.fromEntries(said);
  return {
    ...rest,
    properties: { ...own, ...(dry_run !== undefined && saysMoreDry(tool) && { dry_run }) },
    type: 'object',
  };
};

/**
 * The members of the tool's own answer. Those with nothing more to say are named in the description. Answers in place of it
 * (dry_run, clarification_needed, step_up_url) explain themselves when they come, and the arguments that lead to them name them.
 */
export const publishedOutput = (tool: Tool): PublishedSchema => ({
  ...shallow(jsonSchema(tool.output, 'output', ofAnswer)),
  type: 'object',
});

const namesReference = (value: unknown): boolean => JSON.stringify(value).includes('"$ref"');

/**
 * Parts of answers that several tools have, such as what a scan could not read, are told with the first tool that has them. The
 * later ones name them only.
 * @param told parts that tools before this one told; those of this tool are added
 */
export const withoutTold = (schema: PublishedSchema, told: Set<string>): PublishedSchema => {
  const { properties, $defs, description, ...rest } = schema;
  const members = Object.entries(Object(properties) as Json);
  const keyOf = ([name, member]: readonly [string, unknown]): string => JSON.stringify([name, member, $defs]);
  const isTold = (member: readonly [string, unknown]): boolean =>
    keyOf(member).length >= SHORTEST_SHARED && told.has(keyOf(member));
  const left = members.filter((member) => !isTold(member));
  const names = members.filter(isTold).map(([name]) => name);
  for (const member of left) told.add(keyOf(member));
  const words = joined([description, names.length > 0 ? names.join(', ') : undefined], ', ');
  return {
    ...rest,
    ...(words !== '' && { description: words }),
    ...(left.length > 0 && { properties: Object.fromEntries(left) }),
    ...(namesReference([left, rest]) && { $defs }),
  };
};

/**
 * Arguments that every tool has beside its own are described with the first tool that has them: later ones name them only.
 * @param controls names of those arguments
 * @param told what tools before this one described; those of this tool are added
 */
export const describedOnce = (
  { properties, ...rest }: PublishedSchema,
  controls: ReadonlySet<string>,
  told: Set<string>,
): PublishedSchema => {
  const members = Object.entries(Object(properties) as Json).map(([name, member]) => {
    const key = JSON.stringify([name, member]);
    const known = controls.has(name) && told.has(key);
    told.add(key);
    return [
      name,
      known && isObject(member) ? without(member, (keyword) => keyword === 'description') : member,
    ] as const;
  });
  return { ...rest, properties: Object.fromEntries(members) };
};

/**
 * The title is among the hints, where every revision looks for it, and nowhere else. That nothing is changed by
 * repeating it, and whether it destroys, is told of tools that write: neither means anything of tools that read.
 * https://modelcontextprotocol.io/specification/2025-06-18/schema#toolannotations
 */
export const publishedAnnotations = ({ title, annotations }: Tool) => {
  const { idempotentHint, destructiveHint, openWorldHint, ...hints } = annotations;
  const writes = !hints.readOnlyHint;
  return {
    title,
    ...hints,
    // True is what the specification assumes.
    ...(!openWorldHint && { openWorldHint }),
    ...(writes && { destructiveHint }),
    ...(writes && idempotentHint && { idempotentHint }),
  };
};
