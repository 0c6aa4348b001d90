/** Changes of a synthesized stack that nobody made on the other side. */
import { Document } from './stack.ts';

type Block = Record<string, unknown>;
export type Edit = (block: Block) => void;

/** A resource whose address, name, family or route ends so. */
export type Named = readonly [type: string, end: string];

const addressOf = ({ resource }: Document, [type, end]: Named): string => {
  const found = Object.entries(resource[type] ?? {}).find(([address, { name, family, route_key, function_name }]) =>
    [address, name, family, route_key, function_name].some((each) => String(each).endsWith(end)),
  );
  if (found === undefined) throw new Error(`no ${type} ${end}`);
  return found[0];
};

/** The stack with one resource edited. */
export const edited = (json: string, named: Named, edit: Edit): string => {
  const document = Document.parse(JSON.parse(json));
  const block = document.resource[named[0]]?.[addressOf(document, named)];
  if (block) edit(block);
  return JSON.stringify(document);
};

/** The stack with one resource gone. */
export const without = (json: string, named: Named): string => {
  const document = Document.parse(JSON.parse(json));
  delete document.resource[named[0]]?.[addressOf(document, named)];
  return JSON.stringify(document);
};

export const set =
  (attribute: string, value: unknown): Edit =>
  (block) => {
    block[attribute] = value;
  };

/** Of a task definition's containers. */
export const replaced =
  (from: string, to: string): Edit =>
  (block) => {
    const text = String(block.container_definitions);
    if (!text.includes(from)) throw new Error(`${from} is not there`);
    block.container_definitions = text.replaceAll(from, to);
  };

/** Of a table: a key, or its name. */
export const renamed =
  (from: string, to: string): Edit =>
  (block) => {
    const text = JSON.stringify(block);
    if (!text.includes(`"${from}"`)) throw new Error(`${from} is not there`);
    Object.assign(block, JSON.parse(text.replaceAll(`"${from}"`, `"${to}"`)));
  };

interface Keys {
  readonly hash_key: string;
  readonly range_key?: string;
}

/** Of a table. */
export const withoutIndex =
  (name: string): Edit =>
  (block) => {
    const indexes = block.global_secondary_index as (Keys & { name: string })[];
    const left = indexes.filter((index) => index.name !== name);
    if (left.length === indexes.length) throw new Error(`${name} is not there`);
    const keys = new Set([block, ...left].flatMap(({ hash_key, range_key }) => [hash_key, range_key]));
    block.global_secondary_index = left;
    // DynamoDB takes no attribute that is no key.
    block.attribute = (block.attribute as { name: string }[]).filter((attribute) => keys.has(attribute.name));
  };
