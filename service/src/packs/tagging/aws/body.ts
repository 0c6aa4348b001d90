/** The text of one answer, for a call whose parsed form cannot tell nothing from something. */
import type { GetBucketLocationCommand } from '@aws-sdk/client-s3';

const textOf = async (body: unknown): Promise<string> => {
  if (typeof body === 'string') return body;
  const parts: Buffer[] = [];
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
    for await (const part of body as AsyncIterable<Uint8Array>) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
};

/** The text of an answer from the wire, which can be read once more afterwards. Undefined: it has no body. */
export const readBody = async (response: unknown): Promise<string | undefined> => {
  if (typeof response !== 'object' || response === null || !('body' in response)) return undefined;
  const text = await textOf(response.body);
  response.body = Buffer.from(text);
  return text;
};

/** Shows the body of a command's answer before it is parsed, and hands it on. */
export const withBody = (
  command: Pick<GetBucketLocationCommand, 'middlewareStack'>,
  show: (text: string) => void,
): void => {
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const text = await readBody(answer.response);
      if (text !== undefined) show(text);
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'withBody' },
  );
};
