/** The secrets of a function, which nobody injects: it reads those that SECRETS_FROM names when it starts. */
import { environment } from '../../../contracts/environment.ts';
import { ConfigError } from '../config.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a secret, or rejects. */
export type ReadSecret = (arn: string) => Promise<string>;

/** An ARN has seven parts; an eighth is the key. */
const splitReference = (reference: string): { readonly arn: string; readonly key: string | undefined } => {
  const parts = reference.split(':');
  return { arn: parts.slice(0, 7).join(':'), key: parts[7] };
};

const valueAt = (text: string, key: string | undefined): string => {
  if (key === undefined) return text;
  const value: unknown = JSON.parse(text);
  const held =
    typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Object(value)[key] : undefined;
  if (typeof held !== 'string') throw new Error('it has no such key');
  return held;
};

/**
 * The variables with the secrets in place.
 * @throws ConfigError naming the variables whose secret cannot be read, and no value
 */
export const withSecrets = async (variables: Variables, open: () => Promise<ReadSecret>): Promise<Variables> => {
  const parsed = environment.SECRETS_FROM.schema.safeParse(variables.SECRETS_FROM || undefined);
  // What is wrong with it is said with everything else that is wrong.
  if (!parsed.success) return variables;
  const wanted = Object.entries(parsed.data);
  if (wanted.length === 0) return variables;
  const read = await open();
  const settled = await Promise.allSettled(
    wanted.map(async ([name, reference]) => {
      const { arn, key } = splitReference(reference);
      return [name, valueAt(await read(arn), key)] as const;
    }),
  );
  const failed = wanted.filter((_, index) => settled[index]?.status === 'rejected').map(([name]) => name);
  if (failed.length > 0)
    throw new ConfigError([
      { variable: 'SECRETS_FROM', problem: `names secrets that cannot be read, or lack the key: ${failed.join(', ')}` },
    ]);
  return {
    ...variables,
    ...Object.fromEntries(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))),
  };
};
