/** The clients a person has connected. */
import type { ClientProps } from '../web/props.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import type { Grants } from './grants.ts';
import { shownClient } from './policy/clients.ts';
import type { StepUps } from './step-ups.ts';

/** A client as a list of apps shows it. */
export interface NamedClient extends Omit<ClientProps, 'name'> {
  /** What it calls itself. Absent where only its host knows. */
  readonly name?: string;
}

export interface Clients {
  /** The client as far as it is known here, without asking anybody: a client id that is an address stands for itself. */
  named(clientId: string): Promise<NamedClient>;
  /** The client as pages show it; undefined unless this person has connected it. */
  connected(personId: string, clientId: string): Promise<ClientProps | undefined>;
  /** The client that asks for access. @param uid of the interaction; undefined when there is none, or it is over */
  asking(uid: string): Promise<ClientProps | undefined>;
  /** A person allowed the client something, or it got a token: a registration is kept for another while. */
  used(clientId: string): Promise<void>;
}

const byAddress = (clientId: string): NamedClient => ({ clientId, host: new URL(clientId).host });

/** Clients of the embedded authorization server: those with an active grant. */
export const ownClients = (
  grants: Pick<Grants, 'has'>,
  server: AuthorizationServer,
  used: Clients['used'],
): Clients => ({
  used,
  async asking(uid) {
    if (uid === '') return undefined;
    const provider = await server.provider();
    const { params } = (await provider.Interaction.find(uid)) ?? {};
    const client = params && (await provider.Client.find(String(params.client_id)));
    return client && shownClient(client, params.redirect_uri);
  },
  async named(clientId) {
    if (URL.canParse(clientId)) return byAddress(clientId);
    const client = await (await server.provider()).Client.find(clientId);
    return client ? shownClient(client, client.redirectUris?.[0]) : { clientId, host: 'an app that is gone' };
  },
  async connected(personId, clientId) {
    if (!(await grants.has(personId, clientId))) return undefined;
    const client = await (await server.provider()).Client.find(clientId);
    return client && shownClient(client, client.redirectUris?.[0]);
  },
});

/** Clients of an outside issuer: those that were told in the last minutes that a scope is missing. */
export const outsideClients = (stepUps: Pick<StepUps, 'wasChallenged'>, issuer: string): Clients => ({
  asking: async () => undefined,
  used: async () => {},
  named: async (clientId) => ({ name: clientId, clientId, host: new URL(issuer).host }),
  async connected(personId, clientId) {
    if (!(await stepUps.wasChallenged({ personId, clientId }))) return undefined;
    return { name: clientId, clientId, host: new URL(issuer).host };
  },
});
