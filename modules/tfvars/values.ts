/** The values that a tfvars file gives, by setting. */
import { readPlain } from './plain.ts';

/** HCL's own parser is started for a file that needs it. @throws Error with the parser's message */
export const valuesIn = async (file: string, text: string): Promise<Record<string, unknown>> => {
  const plain = readPlain(text);
  if (plain !== undefined) return plain;
  const { parse } = await import('@cdktf/hcl2json');
  return (await parse(file, text)) as Record<string, unknown>;
};
