/** What an emulator holds, read back through the AWS API. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { forksOf, printedBy } from '../../service/test/servers/forks.ts';
import { table } from '../operate/table.ts';
import type { Emulator } from './moto.ts';

/** Names by `<region> <service> <kind>`. */
export type Inventory = ReadonlyMap<string, readonly string[]>;

const Told = z.record(z.string(), z.array(z.string()));

export const readInventory = async (
  { python, url }: Pick<Emulator, 'python' | 'url'>,
  regions: readonly string[],
): Promise<Inventory> => {
  // The operator's profile may not exist here, and is of no use.
  const { AWS_PROFILE: _, AWS_DEFAULT_PROFILE: __, ...env } = process.env;
  const program = join(import.meta.dirname, 'inventory.py');
  const args = [url, ...regions];
  const variables = { ...env, PYTHONDONTWRITEBYTECODE: '1' };
  const socket = forksOf('shim');
  const said =
    socket === undefined
      ? (await promisify(execFile)(python, [program, ...args], { env: variables, maxBuffer: 2 ** 26 })).stdout
      : await printedBy(socket, { program, args, env: variables });
  return new Map(Object.entries(Told.parse(JSON.parse(said))));
};

/** What is there now and was not before. */
export const added = (before: Inventory, now: Inventory): Inventory =>
  new Map(
    [...now]
      .map(([kind, names]) => [kind, names.filter((name) => !before.get(kind)?.includes(name))] as const)
      .filter(([, names]) => names.length > 0),
  );

const SHOWN = 3;

const notAnswered = 'not answered: ';

/** The end of an ARN or an address says which one it is; a path is a name. */
const shortName = (name: string): string => {
  if (name.trim() === '') return '(no name)';
  return /^(arn:|https?:)/.test(name) ? (/[^:/]+$/.exec(name)?.[0] ?? name) : name;
};

const split = (key: string): readonly [region: string, service: string, kind: string] => {
  const [region = '', service = '', ...kind] = key.split(' ');
  return [region, service, kind.join(' ')];
};

const countOf = (names: readonly string[]): string =>
  names.some((name) => name.startsWith(notAnswered)) ? '?' : String(names.length);

/** One line a kind, with its count and the first names. */
export const inventoryTable = (inventory: Inventory): string => {
  const rows = [...inventory].map(([key, names]) => {
    const shown = names.slice(0, SHOWN).map(shortName).join(', ');
    const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
    return [...split(key), countOf(names), `${shown}${more}`];
  });
  return table(['region', 'service', 'what', 'count', 'names'], rows);
};

/** One line a service, with the counts of its kinds. */
export const inventorySummary = (inventory: Inventory): string => {
  const services = Map.groupBy(inventory, ([key]) => split(key).slice(0, 2).join(' '));
  const rows = [...services].map(([start, kinds]) => {
    const counts = kinds.map(([key, names]) => `${countOf(names)} ${split(key)[2]}`);
    return [...split(start).slice(0, 2), counts.join(', ')];
  });
  return table(['region', 'service', 'what'], rows);
};
