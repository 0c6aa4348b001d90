/**
 * Values as AWS gets them: names of the same stack in place of references to them. What an apply alone tells is stood
 * in for by something as long, so that a document can be measured before there is one.
 */
import { documentOf } from './document.ts';
import { partsOf } from './expression.ts';
import type { Block, Resource, StackView } from './view.ts';

export interface ResolvedText {
  readonly text: string;
  /** False where a part is known only after an apply. */
  readonly known: boolean;
}

const known = (text: string): ResolvedText => ({ text, known: true });
const unknown = (text: string): ResolvedText => ({ text, known: false });

/** Attributes that a resource is called by, the first that it has. */
const nameAttributes = [
  'name',
  'bucket',
  'function_name',
  'identifier',
  'replication_group_id',
  'alarm_name',
  'dashboard_name',
  'domain',
  'family',
] as const;

/** Types whose id is their name. */
const calledByName = /^aws_(iam_role|iam_instance_profile|s3_bucket|cloudwatch_log_group|db_|dynamodb_table)/;
const reference = /^(data\.)?(\w+)\.([\w-]+)\.(\w+)$/;
const id = 'id-0123456789abcdef0';
const account = '111122223333';

export class Resolver {
  readonly #blocks: ReadonlyMap<string, Resource>;
  readonly #locals: Block;
  readonly #region: string;

  constructor(view: StackView) {
    this.#blocks = new Map([
      ...view.resources.map((resource) => [resource.address, resource] as const),
      ...view.sources.map((source) => [`data.${source.address}`, source] as const),
    ]);
    this.#locals = view.locals;
    this.#region = view.region;
  }

  /** A text with every reference replaced. */
  text(value: unknown): ResolvedText {
    if (typeof value !== 'string' || !value.includes('${')) return known(String(value));
    const parts = partsOf(value).map((part) =>
      'written' in part ? known(part.written) : this.#value(part.expression),
    );
    return { text: parts.map(({ text }) => text).join(''), known: parts.every((part) => part.known) };
  }

  /** A value with every reference in it replaced, however deep. */
  all(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.all(item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.all(item)]));
    return typeof value === 'string' ? this.text(value).text : value;
  }

  /** An attribute of what a value refers to; undefined where it refers to nothing in this stack. */
  follow(value: unknown, attribute: string): unknown {
    const [, data = '', type, name] = /\$\{(data\.)?(\w+)\.([\w-]+)\./.exec(String(value)) ?? [];
    return this.#blocks.get(`${data}${type}.${name}`)?.block[attribute];
  }

  #value(expression: string): ResolvedText {
    const [, local] = /^(?:base64encode\()?local\.([\w-]+)\)?$/.exec(expression) ?? [];
    if (local !== undefined) return this.text(this.#locals[local]);
    const [, data = '', type = '', name = '', attribute = ''] = reference.exec(expression) ?? [];
    const referred = this.#blocks.get(`${data}${type}.${name}`);
    if (referred === undefined)
      return unknown(attribute.endsWith('arn') ? `arn:aws:service:${this.#region}:${account}:${id}` : id);
    if (type === 'aws_iam_policy_document') return this.#document(referred);
    const written = referred.block[attribute];
    if (written !== undefined) return this.text(written);
    const { text } = this.#nameOf(referred);
    if (attribute === 'id' && calledByName.test(type)) return known(text);
    return unknown(attribute === 'arn' ? this.#arn(type, text) : id);
  }

  #document({ block }: Resource): ResolvedText {
    return this.text(documentOf(block));
  }

  #nameOf({ block }: Resource): ResolvedText {
    const attribute = nameAttributes.find((name) => block[name] !== undefined);
    return attribute === undefined ? unknown(id) : this.text(block[attribute]);
  }

  #arn(type: string, name: string): string {
    const [, service = '', ...kind] = type.split('_');
    if (service === 's3') return `arn:aws:s3:::${name}`;
    if (service === 'iam') return `arn:aws:iam::${account}:${kind.at(-1)}/${name}`;
    if (service === 'kms') return `arn:aws:kms:${this.#region}:${account}:key/00000000-0000-0000-0000-000000000000`;
    const place = `arn:aws:${service}:${this.#region}:${account}:`;
    if (service === 'sns' || service === 'sqs') return `${place}${name}`;
    // Secrets Manager adds six letters of its own.
    return `${place}${kind.at(-1)}:${name}${service === 'secretsmanager' ? '-AbCdEf' : ''}`;
  }
}
