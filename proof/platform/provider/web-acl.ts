/**
 * Web ACLs without the blocks that no stack uses. A rule may hold some thirty kinds of statement three levels deep, each
 * with its own kinds of match: whoever compares two rules compares all of that, and a plan of sixteen rules takes terraform
 * six seconds instead of a half. So terraform does not hear of the other blocks, and the provider is told there are none.
 */
import { decode, encode } from '@msgpack/msgpack';
import { z } from 'zod';
import { changed, field, fieldsOf, firstValue } from './protobuf.ts';

export const WEB_ACL = 'aws_wafv2_web_acl';

/** By name: the parts of a block that is told of, and undefined for one that is not. */
interface Kept extends ReadonlyMap<string, Kept | undefined> {}

// Fields of Schema.Block and of Schema.NestedBlock.
const BLOCKS = 3;
const NAME = 1;
const BLOCK = 2;

/** Names of what stacks say of their web ACLs: of blocks, those in them, and so on. */
export interface Used extends ReadonlyMap<string, Used> {}

const Values = z.record(z.string(), z.unknown());

/** @param values web ACLs as Terraform JSON has them, or one of their parts in each */
export const usedIn = (values: readonly unknown[]): Used => {
  const parts = values.flat().flatMap((value) => Object.entries(Values.safeParse(value).data ?? {}));
  return new Map(
    [...Map.groupBy(parts, ([name]) => name)].map(([name, found]) => [name, usedIn(found.map(([, part]) => part))]),
  );
};

const keptIn = (block: Buffer, used: Used): Kept =>
  new Map(
    fieldsOf(block)
      .filter(({ number }) => number === BLOCKS)
      .map(({ value = Buffer.alloc(0) }) => {
        const name = firstValue(value, NAME)?.toString() ?? '';
        const inner = firstValue(value, BLOCK) ?? Buffer.alloc(0);
        const within = used.get(name);
        return [name, within === undefined ? undefined : keptIn(inner, within)];
      }),
  );

const pruned = (block: Buffer, kept: Kept): Buffer =>
  Buffer.concat(
    fieldsOf(block).flatMap(({ number, whole, value }) => {
      if (number !== BLOCKS || value === undefined) return [whole];
      const inner = kept.get(firstValue(value, NAME)?.toString() ?? '');
      return inner === undefined
        ? []
        : [
            field(
              BLOCKS,
              changed(value, new Set([BLOCK]), (each) => pruned(each, inner)),
            ),
          ];
    }),
  );

type Change = (value: unknown, kept: Kept) => unknown;

/** All blocks of web ACLs are lists and sets. Null and unknown ones stay what they are. */
const inBlocks = (values: unknown, kept: Kept, change: Change): unknown =>
  Array.isArray(values) ? values.map((each: unknown) => change(each, kept)) : values;

/** With an empty list for every block that terraform has not heard of. */
const filled: Change = (value, kept) => {
  const given = Values.safeParse(value);
  if (!given.success) return value;
  const parts = [...kept].map(([name, inner]) => [
    name,
    inner === undefined ? [] : inBlocks(given.data[name], inner, filled),
  ]);
  return { ...given.data, ...Object.fromEntries(parts) };
};

/** With an empty list for every block that terraform has heard of since. */
const grown: Change = (value, kept) => {
  const given = Values.safeParse(value);
  if (!given.success) return value;
  const parts = [...kept].flatMap(([name, inner]) =>
    inner === undefined ? [] : [[name, inBlocks(given.data[name] ?? [], inner, grown)]],
  );
  return { ...given.data, ...Object.fromEntries(parts) };
};

/** Without them. @throws when one has something in it */
const stripped: Change = (value, kept) => {
  const given = Values.safeParse(value);
  if (!given.success) return value;
  const parts = Object.entries(given.data).flatMap(([name, each]) => {
    const inner = kept.get(name);
    if (inner !== undefined) return [[name, inBlocks(each, inner, stripped)]];
    if (!kept.has(name)) return [[name, each]];
    if (Array.isArray(each) && each.length > 0) throw new Error(`a web ACL has ${name}, which no stack uses`);
    return [];
  });
  return Object.fromEntries(parts);
};

/** Values in the messages of tfplugin5: https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol */
const calls: Readonly<Record<string, { readonly asked: readonly number[]; readonly answered: readonly number[] }>> = {
  ValidateResourceTypeConfig: { asked: [2], answered: [] },
  UpgradeResourceState: { asked: [], answered: [1] },
  ReadResource: { asked: [2], answered: [1] },
  PlanResourceChange: { asked: [2, 3, 4], answered: [1] },
  ApplyResourceChange: { asked: [2, 3, 4], answered: [1] },
};

/** Calls about one resource. */
export const ofResources: ReadonlySet<string> = new Set(Object.keys(calls));

const MSGPACK = 1;
const inMessage = (message: Buffer, numbers: readonly number[], kept: Kept, change: Change): Buffer =>
  changed(message, new Set(numbers), (dynamic) =>
    changed(dynamic, new Set([MSGPACK]), (value) => Buffer.from(encode(change(decode(value), kept)))),
  );

export interface Narrowed {
  /** The entry of the schema that terraform hears. */
  readonly entry: Buffer;
  /** Both take the name of a call and a message of it. */
  readonly asked: (call: string, message: Buffer) => Buffer;
  readonly answered: (call: string, message: Buffer) => Buffer;
  /** @param json of a state, perhaps from before a block was used */
  readonly state: (json: Buffer) => Buffer;
}

// Fields of an entry of the map, and of Schema.
const SCHEMA = 2;
const SCHEMA_BLOCK = 2;

/**
 * @param entry of the schema of web ACLs in GetProviderSchema.Response
 */
export const narrow = (entry: Buffer, used: Used): Narrowed => {
  const schema = firstValue(entry, SCHEMA) ?? Buffer.alloc(0);
  const kept = keptIn(firstValue(schema, SCHEMA_BLOCK) ?? Buffer.alloc(0), used);
  return {
    entry: changed(entry, new Set([SCHEMA]), (each) =>
      changed(each, new Set([SCHEMA_BLOCK]), (block) => pruned(block, kept)),
    ),
    asked: (call, message) => inMessage(message, calls[call]?.asked ?? [], kept, filled),
    answered: (call, message) => inMessage(message, calls[call]?.answered ?? [], kept, stripped),
    state: (json) => Buffer.from(JSON.stringify(grown(JSON.parse(json.toString()), kept))),
  };
};
