/** How one HTTP route is described. */

/**
 * none: no credentials. bearer: an access token (API Gateway's authorizer checks it too). page: a signed-in person.
 * protocol: the OAuth endpoint's own rules (client authentication, PKCE). webhook: its sender proves itself by the webhook's scheme.
 */
export type RouteAuth = 'none' | 'bearer' | 'page' | 'protocol' | 'webhook';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'ANY';
  readonly path: string;
  readonly auth: RouteAuth;
  /** Scopes the authorizer requires before the service is reached; the service checks each tool's own besides. */
  readonly scopes?: readonly string[];
  /** Sustained requests per second: of the facade per caller at the edge, of all others per browser. */
  readonly rate: number;
  /** Part of the REST facade that API Gateway serves; everything else goes to the load balancer. */
  readonly facade: boolean;
  /** Only where demo people sign in; the platform does not lead there. */
  readonly sandboxOnly?: true;
  /** Only where an enabled pack acts with people's own credentials. */
  readonly forProviders?: true;
}
