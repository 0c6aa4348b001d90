/** What a host keeps for its MCP client, and how it sends its person to authorize it. Serves both generations of the SDK. */
import { randomUUID } from 'node:crypto';
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { Consent, Person } from './person.ts';

export interface HostOptions {
  /** Address of a client id metadata document; without it the client registers itself. */
  readonly clientMetadataUrl?: string;
  /** What the person does on each consent page. Default: allow all that is offered. */
  readonly consent?: Consent;
}

/** Where no browser is sent back to: the person hands the address over. */
export const callbackUrl = 'http://127.0.0.1:7788/callback';

export class Host implements OAuthClientProvider {
  readonly person: Person;
  /** Authorization requests the person was sent through, the newest last. */
  readonly asked: URL[] = [];
  readonly redirectUrl = callbackUrl;
  readonly clientMetadataUrl?: string;
  consent: Consent;
  #back: URL | undefined;
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #discovery: OAuthDiscoveryState | undefined;
  #verifier = '';
  #state = '';

  constructor(person: Person, { clientMetadataUrl, consent = {} }: HostOptions = {}) {
    this.person = person;
    this.consent = consent;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  get clientMetadata() {
    return { client_name: 'Cloud housekeeper', redirect_uris: [callbackUrl], token_endpoint_auth_method: 'none' };
  }

  state(): string {
    this.#state = randomUUID();
    return this.#state;
  }

  clientInformation() {
    return this.#client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }

  tokens() {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  discoveryState() {
    return this.#discovery;
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.#discovery = discovery;
  }

  invalidateCredentials(scope: string): void {
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
    if (scope === 'all' || scope === 'client') this.#client = undefined;
  }

  async redirectToAuthorization(authorizationUrl: URL): Promise<void> {
    this.asked.push(authorizationUrl);
    this.#back = await this.person.authorize(authorizationUrl, this.consent);
  }

  /** The answer to the latest authorization request. @throws when it was refused, or is for another request */
  answer(): URLSearchParams {
    const parameters = this.#back?.searchParams ?? new URLSearchParams();
    this.#back = undefined;
    const refused = parameters.get('error');
    if (refused !== null) throw new Error(`authorization was refused: ${refused}`);
    if (parameters.get('state') !== this.#state) throw new Error('the answer is for another authorization request');
    return parameters;
  }
}
