/** What a file of settings holds: data, and where each part of it stands. */
import type { SettingProblem } from '../../contracts/settings/problem.ts';

export interface Document {
  /** The settings as they are meant: `$${` has become `${`, and what is null is absent. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** What is no data, such as a call of a function. */
  readonly problems: readonly SettingProblem[];
  /** Finds out, when something is wrong, where each part stands. */
  readonly lines: () => Promise<LineOf>;
}

/** The line of a setting, or of the innermost part of it that stands in the file: `region_settings.eu-west-2.vpc_cidr`. */
export type LineOf = (setting: string) => number | undefined;

export const DATA_ONLY = 'a tfvars file is data only: write the value itself';
export const INTERPOLATES = `holds an interpolation; ${DATA_ONLY}, and a literal \${ as $\${ or %{ as %%{`;

/** `$${` and `%%{` are how HCL writes `${` and `%{`. https://developer.hashicorp.com/terraform/language/expressions/strings */
const unescaped = (text: string): string => text.replaceAll(/([$%])\1\{/g, (found) => found.slice(1));

/** Null is the same as not given, in a map too. */
const meant = (value: unknown): unknown => {
  if (typeof value === 'string') return unescaped(value);
  if (Array.isArray(value)) return value.map(meant);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null && part !== undefined)
      .map(([name, part]) => [unescaped(name), meant(part)]),
  );
};

export const asMeant = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  meant(values) as Record<string, unknown>;

/** Whether Terraform would evaluate a part of the text. */
export const interpolates = (text: string): boolean => /[$%]\{/.test(text.replaceAll(/([$%])\1\{/g, ''));

/** cdktf replaces its own markers wherever it finds them, in a text from a file too. */
export const marks = (text: string): boolean => text.includes('TfToken[');

/** Finds lines by the path of a setting, from the whole of it to its beginning. */
export const linesBy =
  (lines: ReadonlyMap<string, number>): LineOf =>
  (setting) => {
    const parts = setting.split('.');
    while (parts.length > 0) {
      const line = lines.get(parts.join('.'));
      if (line !== undefined) return line;
      parts.pop();
    }
    return undefined;
  };
