/** A synthesized stack as Terraform sees it after an apply: references stand for what has been made. */
import { z } from 'zod';

export type Block = Readonly<Record<string, unknown>>;

/** Where a reference points to. */
export interface Reference {
  readonly type: string;
  readonly name: string;
}

export interface Referred extends Reference {
  readonly block: Block;
}

const Blocks = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
export const Document = z.looseObject({
  resource: Blocks,
  locals: z.record(z.string(), z.unknown()).default({}),
  variable: z.record(z.string(), z.unknown()).default({}),
});
export type Document = z.infer<typeof Document>;

// Escapes, and expressions without braces of their own: there are no others.
const template = /\$\$\{|%%\{|\$\{([^{}]*)\}/g;

/** Where the first reference in a value points to. @throws when there is none */
export const referenceIn = (value: unknown): Reference => {
  const [, type, name] = /\$\{(aws_\w+)\.([\w-]+)\./.exec(String(value)) ?? [];
  if (type === undefined || name === undefined) throw new Error(`${String(value)} refers to nothing`);
  return { type, name };
};

export class Stack {
  readonly document: Document;
  /** Values by expression, such as `aws_db_instance.database.address`. Whoever makes something writes here. */
  readonly known = new Map<string, unknown>();

  constructor(json: string) {
    this.document = Document.parse(JSON.parse(json));
  }

  /** All blocks of a type, by name, as they were written. */
  all(type: string): [name: string, block: Block][] {
    return Object.entries(this.document.resource[type] ?? {});
  }

  /** The block a reference points to. @throws when it is not there */
  at(reference: unknown): Referred {
    const { type, name } = referenceIn(reference);
    const block = this.document.resource[type]?.[name];
    if (block === undefined) throw new Error(`there is no ${type}.${name}`);
    return { type, name, block };
  }

  /** A value, its references replaced however deep they stand. @throws naming one that stands for nothing known */
  evaluate(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.evaluate(item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.evaluate(item)]));
    if (typeof value !== 'string') return value;
    // An expression alone keeps its type, as a list of values does.
    const alone = /^\$\{([^{}]*)\}$/.exec(value)?.[1];
    if (alone !== undefined) return this.#value(alone);
    return value.replaceAll(template, (escaped: string, expression: string | undefined) =>
      expression === undefined ? escaped.slice(1) : String(this.#value(expression)),
    );
  }

  text(value: unknown): string {
    return String(this.evaluate(value));
  }

  #value(expression: string): unknown {
    if (this.known.has(expression)) return this.known.get(expression);
    const encoded = /^base64encode\(local\.([\w-]+)\)$/.exec(expression)?.[1];
    if (encoded !== undefined) return this.evaluate(this.document.locals[encoded]);
    // What was written there, such as the name of a log group.
    const [type = '', name = '', attribute = ''] = expression.split('.');
    const written = this.document.resource[type]?.[name]?.[attribute];
    if (written === undefined) throw new Error(`nothing was made that \${${expression}} could stand for`);
    return this.evaluate(written);
  }
}
