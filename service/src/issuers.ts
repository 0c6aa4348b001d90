/** Whether the issuers that the configuration names call themselves so, looked at once when the service starts. */
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from './config.ts';
import { StartError } from './start-error.ts';

type IssuerConfig = Pick<Config, 'AUTH_ISSUER' | 'SSO_ISSUER'>;
type IssuerVariable = keyof IssuerConfig;

const timeoutMs = 3000;
const Metadata = z.object({ issuer: z.string() });
const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

/** The name an issuer gives itself; undefined where that cannot be read now. */
const nameOf = async (issuer: string): Promise<string | undefined> => {
  for (const path of paths)
    try {
      const answer = await fetch(issuer.replace(/\/$/, '') + path, {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      if (answer.ok) return Metadata.parse(await answer.json()).issuer;
    } catch {
      // It may be away for the moment, and the service has to start all the same: signing in will tell.
    }
  return undefined;
};

const withoutSlash = (issuer: string): string => issuer.replace(/\/+$/, '');

/** RFC 7519 4.1.1 compares iss as text. The sign-in's library compares addresses, which are the same with a slash alone. */
const isSame: Readonly<Record<IssuerVariable, (a: string, b: string) => boolean>> = {
  AUTH_ISSUER: (a, b) => a === b,
  SSO_ISSUER: (a, b) => URL.parse(a)?.href === URL.parse(b)?.href,
};

/**
 * Says at the start what would otherwise refuse every token or sign-in.
 * @throws StartError when an issuer's own name differs by a slash at its end, with the value to set
 */
export const checkIssuers = async (config: IssuerConfig, log: Pick<Logger, 'warn'>): Promise<void> => {
  const check = async (variable: IssuerVariable) => {
    const given = config[variable];
    const own = given === undefined ? undefined : await nameOf(given);
    if (given === undefined || own === undefined || isSame[variable](given, own)) return;
    if (withoutSlash(given) === withoutSlash(own))
      throw new StartError(
        `${variable} is ${given}, and that issuer calls itself ${own}: the slash at the end counts. Set ${variable}=${own}`,
      );
    log.warn({ variable, given, own }, 'the issuer calls itself otherwise, so what it signs will be refused');
  };
  await Promise.all([check('AUTH_ISSUER'), check('SSO_ISSUER')]);
};
