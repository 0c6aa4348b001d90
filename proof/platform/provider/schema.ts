/** The schema that the AWS provider tells terraform, without what no module and no stack uses. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../../modules/testing/synthesized.ts';
import { type Field, field, fieldsOf, firstAmount, firstValue } from './protobuf.ts';
import { type Narrowed, narrow, type Used, WEB_ACL } from './web-acl.ts';

/** `s3-bucket` or `data-aws-region`, as the bindings are imported. */
const binding = /@cdktf\/provider-aws\/lib\/(?:data-aws-)?(?<name>[a-z0-9-]+)\//g;

/** Types of resources and data sources that modules/ imports the binding of. */
const typesInUse = async (): Promise<ReadonlySet<string>> => {
  const modules = join(repository, 'modules');
  const files = (await readdir(modules, { recursive: true })).filter((file) => /\.ts$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(modules, file), 'utf8')));
  const names = texts.flatMap((text) => [...text.matchAll(binding)].map(({ groups }) => groups?.name ?? ''));
  return new Set(names.map((name) => `aws_${name.replaceAll('-', '_')}`));
};

/**
 * Fields of GetProviderSchema.Response that are maps by type:
 * https://github.com/hashicorp/terraform/blob/v1.11.4/docs/plugin-protocol/tfplugin5.8.proto
 */
const RESOURCES = 2;
const maps: ReadonlySet<number> = new Set([RESOURCES, 3, 8]);
const nothing = Buffer.alloc(0);

// Fields of an entry of the map, and of Schema.
const SCHEMA = 2;
const VERSION = 1;

const nameIn = (entry: Buffer): string => firstValue(entry, 1)?.toString() ?? '';

/** @param how what becomes of an entry for a resource */
const withOnly = (types: ReadonlySet<string>, response: Buffer, how: (entry: Buffer) => Buffer): Buffer =>
  Buffer.concat(
    fieldsOf(response)
      .filter(({ number, value }) => value === undefined || !maps.has(number) || types.has(nameIn(value)))
      .map(({ number, whole, value }) =>
        value !== undefined && number === RESOURCES ? field(RESOURCES, how(value)) : whole,
      ),
  );

/** What a provider told of itself when somebody first asked this version; that takes it a second. */
const wholeSchema = async (folder: string, ask: () => Promise<Buffer>): Promise<Buffer> => {
  const file = join(folder, 'schema');
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined) return kept;
  const told = await ask();
  // Several ask at once in one process, and each is told the types in another order.
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, told);
  await rename(own, file);
  return told;
};

export interface SchemaInUse {
  /** A GetProviderSchema.Response. */
  readonly told: Buffer;
  readonly webAcls: Narrowed;
  /** Of a type of resource: that of the state it writes. */
  readonly versionOf: (type: string) => number | undefined;
}

/**
 * @param folder where the whole schema of the version is kept
 * @returns the schema for stacks that use of web ACLs what they use
 */
export const schemaInUse = async (folder: string, ask: () => Promise<Buffer>): Promise<(used: Used) => SchemaInUse> => {
  const known = await typesInUse();
  const told = withOnly(known, await wholeSchema(folder, ask), (entry) => entry);
  const isWebAcl = ({ number, value }: Field): boolean =>
    number === RESOURCES && value !== undefined && nameIn(value) === WEB_ACL;
  const versions = new Map(
    fieldsOf(told)
      .filter(({ number }) => number === RESOURCES)
      .map(({ value = nothing }) => [nameIn(value), firstAmount(firstValue(value, SCHEMA) ?? nothing, VERSION)]),
  );
  const whole = fieldsOf(told).find(isWebAcl)?.value ?? nothing;
  return (used) => {
    const webAcls = narrow(whole, used);
    const entryOf = (entry: Buffer): Buffer => (nameIn(entry) === WEB_ACL ? webAcls.entry : entry);
    return { told: withOnly(known, told, entryOf), webAcls, versionOf: (type) => versions.get(type) };
  };
};
