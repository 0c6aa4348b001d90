/** All routes that say who somebody is: metadata, authorization server, sign-in, consent and step-up. */
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/port.ts';
import type { Auth, AuthParts } from '../auth/auth.ts';
import type { AuthorizationProblem } from '../auth/authorization-server.ts';
import type { DocumentProblem } from '../auth/policy/client-documents.ts';
import type { Config } from '../config.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Metrics } from '../ports/metrics.ts';
import { errorPage } from '../web/index.ts';
import { mountAuthorizationServer } from './authorization-server.ts';
import { addInteraction } from './interaction.ts';
import { addPageHeaders, pageHeaders } from './page-headers.ts';
import { addForms, type PageSessions } from './page-sessions.ts';
import { addResourceMetadata } from './resource-metadata.ts';
import { addSignIn } from './sign-in.ts';
import { addStepUp } from './step-up.ts';

export interface AuthRouteParts {
  readonly auth: Auth;
  readonly pages: PageSessions;
  readonly config: Config;
  readonly ephemeral: Ephemeral;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** Registers them all; the authorization server and its interactions only where it is embedded. */
export const addAuth = async (app: FastifyInstance, parts: AuthRouteParts): Promise<void> => {
  const { auth, config } = parts;
  addResourceMetadata(app, config);
  if (auth.server) mountAuthorizationServer(app, { ...parts, server: auth.server });
  await app.register(async (scope) => {
    addPageHeaders(scope);
    await addForms(scope);
    addSignIn(scope, parts);
    addStepUp(scope, parts);
    if (auth.server) addInteraction(scope, { ...parts, server: auth.server });
  });
};

const documentWords: Readonly<Record<DocumentProblem['kind'], (host: string) => string>> = {
  off: (host) =>
    `This service reads no client documents (CLIENT_METADATA_HOSTS=none), and the app introduced itself by one at ${host}. Have the app forget what it knows of this service and connect again: it can register instead.`,
  unlisted: (host) =>
    `The app introduces itself by a document at ${host}, which is not one of the hosts this service reads such documents from. Whoever operates this service can add ${host} to CLIENT_METADATA_HOSTS.`,
  unread: (host) =>
    `The app introduces itself by a document at ${host}, and this service could not read ${host}. Whoever operates this service can allow it to reach ${host}, or set CLIENT_METADATA_HOSTS=none: apps then register instead, which needs no internet.`,
};

const wordsOf = ({ description, error, document }: AuthorizationProblem, sandbox: boolean): string => {
  if (!document && error === 'invalid_client' && description === 'client is invalid')
    return 'This service does not know the app any more: an app that registers and is not used within a day, or for half a year, is forgotten. Remove the connection in the app and add it again.\nNothing was allowed.';
  if (!document)
    return `${description || error}\nNothing was allowed. Go back to the app and connect again; if it happens again, ask the maker of the app to fix it.`;
  const words = `${documentWords[document.kind](document.host)}\nNothing was allowed.`;
  return sandbox && document.kind === 'unread'
    ? `${words} If you run this service on your own computer, stop it, start it again with CLIENT_METADATA_HOSTS=none in its environment, and connect the app again.`
    : words;
};

/** For createAuth: the page in place of a redirect that would not be safe. */
export const authorizationErrorPage =
  (config: Pick<Config, 'DEMO_PEOPLE'>): AuthParts['errorPage'] =>
  (problem, requestId) => ({
    headers: pageHeaders,
    html: errorPage({
      csrf: '',
      sandbox: config.DEMO_PEOPLE,
      status: problem.status,
      title: problem.status >= 500 ? 'Something went wrong here' : 'This app’s request cannot be answered',
      message: wordsOf(problem, config.DEMO_PEOPLE),
      requestId,
    }),
  });
