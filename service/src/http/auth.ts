/** All routes that say who somebody is: metadata, authorization server, sign-in, consent and step-up. */
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/port.ts';
import type { Auth, AuthParts } from '../auth/auth.ts';
import type { Config } from '../config.ts';
import type { Ephemeral } from '../ephemeral.ts';
import type { Metrics } from '../metrics.ts';
import { errorPage } from '../web/index.ts';
import { mountAuthorizationServer } from './authorization-server.ts';
import { addInteraction } from './interaction.ts';
import { addPageHeaders, pageHeaders } from './page-headers.ts';
import { addForms, createPageSessions } from './page-sessions.ts';
import { addResourceMetadata } from './resource-metadata.ts';
import { addSignIn } from './sign-in.ts';
import { addStepUp } from './step-up.ts';

export interface AuthRouteParts {
  readonly auth: Auth;
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
    const pages = createPageSessions({ ...auth, sandbox: config.ESTATE === 'sandbox' });
    addSignIn(scope, { ...parts, pages });
    addStepUp(scope, { ...parts, pages });
    if (auth.server) addInteraction(scope, { ...parts, pages, server: auth.server });
  });
};

/** For createAuth: the page in place of a redirect that would not be safe. */
export const authorizationErrorPage =
  (config: Pick<Config, 'ESTATE'>): AuthParts['errorPage'] =>
  ({ status, error, description }, requestId) => ({
    headers: pageHeaders,
    html: errorPage({
      csrf: '',
      sandbox: config.ESTATE === 'sandbox',
      status,
      title: status >= 500 ? 'Something went wrong here' : 'This app’s request cannot be answered',
      message: `${description || error}\nNothing was allowed. Go back to the app and connect again; if it stays so, the app’s maker has to mend it.`,
      requestId,
    }),
  });
