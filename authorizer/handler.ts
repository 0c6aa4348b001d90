/** The Lambda function: configuration and real dependencies, once a start. Bundled by `npm run build`. */
import { z } from 'zod';
import { parseAuthorizerEnvironment } from '../contracts/authorizer-environment.ts';
import { createDecide, type Decide } from './decide.ts';
import { issuerKeys } from './issuer-keys.ts';
import type { Reason } from './refusal.ts';

// The function has five seconds for two secrets and the keys of the issuer: a denial, not a timeout, when one is away.
const timeoutMs = 1_500;

const log = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify({ service: 'authorizer', ...line })}\n`);
};
const denied = (reason: Reason, routeKey?: string): void =>
  // The route comes from API Gateway's own list, never from the caller.
  log({ level: 'warn', decision: 'deny', reason, ...(reason !== 'unknown_route' && { routeKey }) });

let reading: Promise<(arn: string) => Promise<string>> | undefined;
const readSecret = async (arn: string): Promise<string> => {
  reading ??= import('./secrets-manager.ts').then(({ secretReader }) => secretReader(timeoutMs));
  return (await reading)(arn);
};

const open = (variables: Readonly<Record<string, string | undefined>>): Decide => {
  try {
    const config = parseAuthorizerEnvironment(variables);
    return createDecide({ config, key: issuerKeys(config, timeoutMs), read: readSecret, now: Date.now, denied });
  } catch (error) {
    // Names of variables and what they must be; no value.
    const problems = error instanceof z.ZodError ? z.prettifyError(error) : 'unreadable';
    log({ level: 'error', reason: 'configuration', problems });
    return async () => {
      denied('configuration');
      return { isAuthorized: false };
    };
  }
};

export const handler: Decide = open(process.env);
