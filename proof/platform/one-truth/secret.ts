/** Secrets as ECS hands them to a container. */
import { z } from 'zod';

/** A secret's text, by ARN. @throws when there is none */
export type ReadSecret = (arn: string) => Promise<string>;

/** The value of a valueFrom: `arn`, or `arn:key:stage:version` for a key of its JSON. */
export const inject = async (valueFrom: string, read: ReadSecret): Promise<string> => {
  const [, arn = '', key = ''] = /^((?:[^:]*:){6}[^:]+)(?::([^:]*):[^:]*:[^:]*)?$/.exec(valueFrom) ?? [];
  const text = await read(arn);
  if (key === '') return text;
  const value = z.record(z.string(), z.string()).parse(JSON.parse(text))[key];
  // ECS too starts no task without it.
  if (value === undefined) throw new Error(`ResourceInitializationError: retrieved secret did not contain ${key}`);
  return value;
};
