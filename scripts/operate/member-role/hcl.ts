/** Terraform's language, laid out as `terraform fmt` lays it out. */

/** What jsonencode takes, before references are filled in. */
export type HclValue =
  | string
  | number
  | readonly HclValue[]
  | { readonly [key: string]: HclValue }
  /** An expression, written as it stands. */
  | Expression;

export class Expression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const keyOf = (key: string): string => (/^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key));

const isList = (value: HclValue): value is readonly HclValue[] => Array.isArray(value);

/** Lines of `key = value`. fmt puts the equals signs of neighbours of one line under each other. */
export const attributes = (values: { readonly [key: string]: HclValue }, indent: string): readonly string[] => {
  const rendered = Object.entries(values).map(([key, value]) => ({ key: keyOf(key), value: hcl(value, indent) }));
  const isShort = (index: number): boolean => rendered[index] !== undefined && !rendered[index].value.includes('\n');
  const widthAt = (index: number): number => {
    let [first, last] = [index, index];
    while (isShort(first - 1)) first -= 1;
    while (isShort(last + 1)) last += 1;
    return Math.max(...rendered.slice(first, last + 1).map(({ key }) => key.length));
  };
  return rendered.map(
    ({ key, value }, index) => `${indent}${isShort(index) ? key.padEnd(widthAt(index)) : key} = ${value}`,
  );
};

/** @param indent of the line that the value begins on */
export const hcl = (value: HclValue, indent = ''): string => {
  if (value instanceof Expression) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  const inner = `${indent}  `;
  if (!isList(value)) return `{\n${attributes(value, inner).join('\n')}\n${indent}}`;
  if (value.length < 2) return `[${value.map((each) => hcl(each, indent)).join('')}]`;
  return `[\n${value.map((each) => `${inner}${hcl(each, inner)},\n`).join('')}${indent}]`;
};
