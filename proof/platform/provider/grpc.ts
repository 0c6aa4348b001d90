/** As much of gRPC as it takes to stand between terraform and a provider: calls of one message and one answer. */
import type { ClientHttp2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const OK = '0';
const UNIMPLEMENTED = '12';
const INTERNAL = '13';

export interface Answer {
  readonly status: string;
  /** Why, where the status is an error. */
  readonly says?: string | undefined;
  readonly message: Buffer;
}

/** @throws Error where the call failed, so that nothing is taken for an answer that is none */
export const messageOf = ({ status, says, message }: Answer): Buffer => {
  if (status !== OK) throw new Error(`the provider answers with status ${status}: ${says ?? ''}`);
  return message;
};

export const answerOf = (message: Buffer): Answer => ({ status: OK, message });
export const unimplemented: Answer = { status: UNIMPLEMENTED, message: Buffer.alloc(0) };

/** @param says for whoever reads what terraform prints */
export const failed = (says: string): Answer => ({
  status: INTERNAL,
  says: encodeURIComponent(says),
  message: Buffer.alloc(0),
});

/** A byte that says whether it is compressed, which nothing here is, and the length. */
const PREFIX = 5;

const framed = (message: Buffer): Buffer => {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

/** The message of a call or of an answer. */
export const readMessage = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).subarray(PREFIX);
};

export const answer = (stream: ServerHttp2Stream, { status, says, message }: Answer): void => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': status, ...(says !== undefined && { 'grpc-message': says }) }),
  );
  stream.end(status === OK ? framed(message) : undefined);
};

/** @param path `/<service>/<call>` */
export const ask = async (to: ClientHttp2Session, path: string, message: Buffer): Promise<Answer> => {
  const call = to.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
  let told: IncomingHttpHeaders = {};
  const note = (headers: IncomingHttpHeaders): void => {
    told = { ...told, ...headers };
  };
  // An answer without a message has its status in the first headers.
  call.on('response', note);
  call.on('trailers', note);
  call.end(framed(message));
  const answered = await readMessage(call);
  return { status: String(told['grpc-status']), says: told['grpc-message']?.toString(), message: answered };
};
