/** TAG_POLICY_FILE: read as people have it, and named for what it is when it is something else. */
import { readFile } from 'node:fs/promises';
import { foreignFormat } from './foreign-policy.ts';
import { type LoadedPolicy, loadPolicy, PolicyError } from './policy.ts';

const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this process',
};

const bytesOf = async (path: string, from: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new PolicyError(`${from} cannot be read: it ${reasons[code] ?? `failed with ${code}`}.`, {
      cause,
    });
  }
};

/** UTF-8, with or without the byte order mark that Windows editors write. */
const textOf = (bytes: Buffer, from: string): string => {
  if (UTF_16.some((mark) => mark.every((byte, at) => bytes[at] === byte)) || bytes.includes(0))
    throw new PolicyError(`${from} is UTF-16 or binary. Save it as UTF-8.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyError(`${from} is not UTF-8. Save it as UTF-8.`, { cause });
  }
};

const looksLikeYaml = (text: string): boolean => /^(?:---|%YAML|#|[\w.-]+:(?:\s|$))/.test(text.trimStart());

const jsonOf = (text: string, from: string): unknown => {
  if (text.trim() === '') throw new PolicyError(`${from} is empty.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (looksLikeYaml(text)) throw new PolicyError(`${from} is YAML. Write it as JSON.`, { cause });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyError(`${from} is not JSON: ${why}`, { cause });
  }
};

/**
 * The JSON of a file as people have it.
 * @param from how messages call the file
 * @throws PolicyError that says why it cannot be read
 */
export const readJsonFile = async (path: string, from: string): Promise<unknown> =>
  jsonOf(textOf(await bytesOf(path, from), from), from);

/** Reads a policy file. @throws PolicyError that says what the file is, when it is no policy, and what to do */
export const readPolicyFile = async (path: string): Promise<LoadedPolicy> => {
  const from = `TAG_POLICY_FILE ${path}`;
  const json = await readJsonFile(path, from);
  const foreign = foreignFormat(json);
  if (foreign !== undefined) throw new PolicyError(`${from} is ${foreign}`);
  return loadPolicy(json, 'file', from);
};
