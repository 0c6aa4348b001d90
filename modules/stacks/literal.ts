/** Settings are data; Terraform evaluates what stands in its files. Between the two every text is escaped, once. */
import type { Settings } from '../../contracts/settings/resolve.ts';

// A function, because $$ in a replacement string yields a single $.
const doubled = (opening: string): string => `${opening.slice(0, 1)}${opening}`;

const escaped = (text: string): string => text.replaceAll(/[$%]\{/g, doubled);

const literal = (value: unknown): unknown => {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [escaped(name), literal(part)]));
};

/**
 * The settings as stacks write them: `${` has become `$${`, and `%{` `%%{`, so that Terraform takes a text as it is.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export const literalSettings = (settings: Settings): Settings => literal(settings) as Settings;
