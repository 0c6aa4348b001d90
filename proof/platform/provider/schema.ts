/** The schema that the AWS provider tells terraform, without what no module and no stack uses. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../../modules/testing/synthesized.ts';
import { keptIn } from './kept.ts';
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
  // What a provider tells of itself takes it a second, and several processes are told the types in different orders.
  const told = withOnly(known, await keptIn(folder, 'schema', ask), (entry) => entry);
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
