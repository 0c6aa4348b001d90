/**
 * Reads docs/coverage.md: what each system names, the setting that decides it, the stack that has it, its test.
 * How a row is written stands at the top of that file.
 */
import type { Block } from '../modules/testing/synthesized.ts';

/** A row of one of its tables: its cells by the heading of their column. */
export interface Row {
  /** Heading of the section, which is the system's name. */
  readonly section: string;
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

const cellsOf = (line: string): string[] => {
  const [, ...cells] = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
  return cells.slice(0, -1);
};

/** Every row of every table, in the order of the file. */
export const readRows = (text: string): Row[] => {
  let section = '';
  let columns: string[] | undefined;
  return text.split('\n').flatMap((line, index) => {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    if (!line.startsWith('|')) columns = undefined;
    else if (columns === undefined) columns = cellsOf(line);
    else if (!/^\|[-|]+$/.test(line)) {
      const cells = cellsOf(line);
      if (cells.length !== columns.length) throw new Error(`line ${index + 1} has ${cells.length} cells`);
      return [
        { section, line: index + 1, cells: Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])) },
      ];
    }
    return [];
  });
};

/** What stands in backticks, in the order it stands there. */
export const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

/** `name = value`, or `map.key = value`. */
export interface SettingClaim {
  readonly path: readonly string[];
  readonly value: unknown;
}

export const settingClaim = (text: string): SettingClaim => {
  const [, path, value] = /^([\w.-]+) = (.+)$/.exec(text) ?? [];
  if (path === undefined || value === undefined) throw new Error(`${text} is no setting with its value`);
  return { path: path.split('.'), value: JSON.parse(value) as unknown };
};

export interface EnvironmentClaim {
  /** As `--environment` takes it. */
  readonly name: string;
  /** The region, where it is not the primary one. */
  readonly region?: string;
}

/** A `*` stands for all of a folder. */
export const environmentClaims = (cell: string, known: readonly string[]): EnvironmentClaim[] =>
  [...cell.matchAll(/`([^`]+)`(?: in ([a-z]{2,}(?:-[a-z]+)+-\d+))?/g)].flatMap(([, name = '', region]) =>
    (name.endsWith('/*') ? known.filter((other) => other.startsWith(name.slice(0, -1))) : [name]).map((each) => ({
      name: each,
      region,
    })),
  );

/** `3 aws_subnet[public-*].map_public_ip_on_launch = false`: how many, of which type, under which address, with what. */
export interface ResourceClaim {
  readonly count?: number;
  readonly type: string;
  /** End of the address without its hash; `*` stands for anything. */
  readonly address?: string;
  readonly path?: readonly string[];
  readonly value?: unknown;
}

export const resourceClaim = (text: string): ResourceClaim => {
  const [whole, count, type = '', address, path, value] =
    /^(?:(\d+) )?(aws_\w+)(?:\[([^\]]+)\])?(?:\.([\w.:$-]+) = (.+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${text} names no resource`);
  return {
    count: count === undefined ? undefined : Number(count),
    type,
    address,
    path: path?.split('.'),
    value: value === undefined ? undefined : (JSON.parse(value) as unknown),
  };
};

const embedded = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

/** All values at a path; a list is looked into, and so is a text that holds JSON. */
const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  const [name, ...rest] = path;
  if (name === undefined) return Array.isArray(value) ? [value, ...value] : [value];
  const inside = embedded(value);
  if (Array.isArray(inside)) return inside.flatMap((item) => valuesAt(item, path));
  if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, name)) return [];
  return valuesAt((inside as Readonly<Record<string, unknown>>)[name], rest);
};

const addressPattern = (address: string): RegExp =>
  new RegExp(`(^|_)${address.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** The resources, or policy documents, of a stack that are as the claim says. */
export const fulfilling = (claim: ResourceClaim, all: Readonly<Record<string, Block>>): string[] =>
  Object.entries(all)
    .filter(([address]) => addressPattern(claim.address ?? '*').test(address.replace(/_[0-9A-F]{8}$/, '')))
    .filter(
      ([, block]) =>
        claim.path === undefined ||
        valuesAt(block, claim.path).some((value) => JSON.stringify(value) === JSON.stringify(claim.value)),
    )
    .map(([address]) => address);

/** `path/to.test.ts` and the title, or a part of it that no other test in the file has. */
export interface TestClaim {
  readonly file: string;
  readonly title: string;
}

export const testClaims = (cell: string): TestClaim[] =>
  cell.split(/; (?=`)/).map((part) => {
    const [, file = '', title = ''] = /^`([^`]+)` (.+)$/.exec(part) ?? [];
    return { file, title };
  });

/** Titles of the tests in a file. */
export const titlesIn = (source: string): string[] =>
  [
    ...source.matchAll(/(?:\b(?:it|test)(?:\.each\([\s\S]*?\))?|^\s*\]\s*\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gm),
  ].map(([, , title = '']) => title);
