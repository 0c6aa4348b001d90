/** The log: one line of JSON an event, with secrets taken out of the finished line so that no path to it is missed. */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.ts';
import { escapeUnprintable, redact } from './redact.ts';

interface LoggedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/** A request without its query string, which can hold codes and keys, and without its headers. */
const request = ({ method, url, ip }: LoggedRequest) => ({ method, path: url?.split('?', 1)[0], ip });

/** A full page at once, or what there is after a tenth of a second: a system call a line was a seventh of a tool call. */
const BUFFER_BYTES = 4096;
const FLUSH_MS = 100;

/** Standard output, buffered; what is left is written when the process exits, for whatever reason it can notice. */
const standardOutput = (): DestinationStream => {
  const destination = pino.destination({ fd: 1, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS });
  process.on('exit', () => destination.flushSync());
  return destination;
};

/**
 * @param destination where lines go; default standard output
 */
export const openLogger = (
  {
    LOG_LEVEL,
    ENVIRONMENT,
    DEPLOYMENT_COLOUR: colour,
  }: Pick<Config, 'LOG_LEVEL' | 'ENVIRONMENT'> & Partial<Pick<Config, 'DEPLOYMENT_COLOUR'>>,
  destination: DestinationStream = standardOutput(),
): Logger =>
  pino(
    {
      level: LOG_LEVEL,
      base: { service: 'countersign', environment: ENVIRONMENT, ...(colour === undefined ? {} : { colour }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        req: request,
        res: ({ statusCode }: { readonly statusCode?: number }) => ({ status: statusCode }),
        err: pino.stdSerializers.err,
      },
      hooks: { streamWrite: (line) => escapeUnprintable(redact(line)) },
    },
    destination,
  );
