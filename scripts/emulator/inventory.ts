/** What an emulator holds, read back through the AWS API. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
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
  const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'inventory.py'), url, ...regions], {
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 2 ** 26,
  });
  return new Map(Object.entries(Told.parse(JSON.parse(stdout))));
};

/** What is there now and was not before. */
export const added = (before: Inventory, now: Inventory): Inventory =>
  new Map(
    [...now]
      .map(([kind, names]) => [kind, names.filter((name) => !before.get(kind)?.includes(name))] as const)
      .filter(([, names]) => names.length > 0),
  );

const SHOWN = 3;

/** The end of an ARN says which one it is. */
const shortName = (name: string): string => name.split(/[:/](?=[^:/]*$)/).at(-1) ?? name;

/** One line a kind, with its count and the first names. */
export const inventoryTable = (inventory: Inventory): string => {
  const rows = [...inventory].map(([key, names]) => {
    const [region = '', service = '', ...kind] = key.split(' ');
    const shown = names.slice(0, SHOWN).map(shortName).join(', ');
    const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
    return [region, service, kind.join(' '), String(names.length), `${shown}${more}`] as const;
  });
  const header = ['region', 'service', 'what', 'count', 'names'] as const;
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [header, ...rows]
    .map((row) => row.map((cell, column) => (column === 4 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '))
    .join('\n');
};
