/** How a pack names an upstream on which its tools act as the person who asks, with a credential of theirs. */

/** What somebody may let this service use, apart from the rest. */
export interface ProviderPart {
  /** For people: `Google Ads, to read and to change`. */
  readonly title: string;
  /** Scopes that it takes besides those of each connection. */
  readonly scopes: readonly string[];
}

/**
 * One provider of credentials. What of it is a variable or a secret is declared in the pack's own `variables`, `secrets` and
 * `environment`, like any other.
 */
export interface ProviderContract<Variable extends string = string, Secret extends string = string> {
  /** Its name for people: on /apps and in errors. */
  readonly title: string;
  /**
   * A variable with the values `header` and `connected`: how calls come by a credential. header: the request carries an access
   * token. connected: the person connected an account on /apps.
   */
  readonly way: Variable;
  /** The header of a request that carries the access token, in lower case: `x-google-oauth-token`. No log shows it. */
  readonly header: string;
  /** OAuth 2.0 at the provider, with PKCE. */
  readonly connected: {
    /** Its endpoints, https. Their hosts are reached through the network; `authorization` by the person's browser. */
    readonly authorization: string;
    readonly token: string;
    /** RFC 7009. Without one, disconnecting only forgets the account here. */
    readonly revocation?: string;
    /** Of its ID tokens, and of its answers (RFC 9207). */
    readonly issuer: string;
    /** A variable. Its URL takes the place of the origin of all these addresses: a stand-in, or another cloud of the provider. */
    readonly base: Variable;
    /** Scopes that each connection asks for. With `openid` the ID token names the account that was connected. */
    readonly scopes: readonly string[];
    /** What people choose from when they connect, at least one, by a name for the form. Default: there is nothing to choose. */
    readonly parts?: Readonly<Record<string, ProviderPart>>;
    /** What the provider wants to hear besides: of Google `access_type=offline` and `prompt=consent`, or it gives no refresh token. */
    readonly parameters?: Readonly<Record<string, string>>;
    readonly clientId: Variable;
    readonly clientSecret: Secret;
  };
}

/** A provider with the name it has in addresses and rows, and the pack it belongs to. */
export interface NamedProvider extends ProviderContract {
  readonly name: string;
  readonly pack: string;
}

/** Hosts that the service itself calls. */
export const providerHosts = ({ connected: { token, revocation } }: ProviderContract): readonly string[] => [
  ...new Set([token, revocation].filter((url) => url !== undefined).map((url) => new URL(url).host)),
];
