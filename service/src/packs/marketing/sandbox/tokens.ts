/** Who asks the stand-in for Google: its demo account without a token, or the account of a token that it knows. */
import { refused, type StandInAnswer, type StandInRequest } from './stand-in.ts';

const scope = (name: string): string => `https://www.googleapis.com/auth/${name}`;
export const googleScopes = {
  searchConsole: scope('webmasters'),
  searchConsoleReads: scope('webmasters.readonly'),
  ads: scope('adwords'),
  analytics: scope('analytics.readonly'),
} as const;

interface Asker {
  /** Name of the Google account. Each has its own properties and customers. */
  readonly account: string;
  readonly scopes: readonly string[];
}

/** Access tokens. Any other is refused as one that has expired. */
export const demoTokens: Readonly<Record<string, Asker>> = {
  'demo-token': { account: 'demo', scopes: Object.values(googleScopes) },
  'reading-token': { account: 'demo', scopes: [googleScopes.searchConsoleReads] },
  'other-token': { account: 'other', scopes: Object.values(googleScopes) },
};

const scopeMissing: StandInAnswer = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      status: 'PERMISSION_DENIED',
      errors: [{ message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' }],
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
          domain: 'googleapis.com',
        },
      ],
    },
  },
};

/**
 * @param needs scopes of which one is enough
 * @returns whose data to answer with, or the refusal
 */
export const askerOf = (
  { headers: { authorization } }: StandInRequest,
  needs: readonly string[],
): { readonly account: string; readonly refusal?: undefined } | { readonly refusal: StandInAnswer } => {
  if (authorization === undefined) return { account: 'demo' };
  const asker = demoTokens[authorization.replace(/^Bearer /, '')];
  if (asker === undefined)
    return { refusal: refused(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'authError') };
  return needs.some((each) => asker.scopes.includes(each)) ? { account: asker.account } : { refusal: scopeMissing };
};
