/** Who people are: the demo people, or those the company's provider has signed in. */
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';
import type { Person } from './caller.ts';
import { rolesOf } from './roles.ts';

export const StoredPerson = z.object({
  personId: z.string().min(1),
  name: z.string(),
  email: z.string(),
  issuer: z.string().optional(),
  owner: z.string().optional(),
  team: z.string().optional(),
  claims: z.record(z.string(), z.string()).optional(),
  // A role that only another version knows gives nothing here.
  roles: z.array(z.string()).transform(rolesOf).readonly(),
}) satisfies z.ZodType<Person>;

/** Every role once in two teams, and one person with two roles to show that nobody countersigns their own change. */
export const demoPeople: readonly Person[] = [
  { personId: 'ana', name: 'Ana the analyst', email: 'ana@example.com', team: 'north', roles: ['analyst'] },
  { personId: 'ben', name: 'Ben the approver', email: 'ben@example.com', team: 'north', roles: ['approver'] },
  { personId: 'vera', name: 'Vera the viewer', email: 'vera@example.com', team: 'south', roles: ['viewer'] },
  { personId: 'ada', name: 'Ada the admin', email: 'ada@example.com', roles: ['admin'] },
  {
    personId: 'max',
    name: 'Max, analyst and approver',
    email: 'max@example.com',
    team: 'south',
    roles: ['analyst', 'approver'],
  },
];

export interface People {
  /** The person as of their last sign-in; undefined if they never signed in, or too long ago to be refreshed. */
  find(personId: string): Promise<Person | undefined>;
  /** Keeps what the provider said at a sign-in. */
  signedIn(person: Person): Promise<void>;
}

interface Parts {
  readonly tables: Tables;
  readonly config: Pick<Config, 'DEMO_PEOPLE' | 'SSO_ISSUER' | 'REFRESH_TOKEN_DAYS'>;
  readonly now: () => Date;
}

const demo: People = {
  find: async (personId) => demoPeople.find((person) => person.personId === personId),
  signedIn: async () => {},
};

const day = 86_400;

/**
 * Roles change at the next sign-in: they are read again at every refresh of a token, and a person who has not signed
 * in for as long as a refresh token lives, and a day, is unknown.
 */
export const createPeople = ({ tables, config, now }: Parts): People =>
  config.DEMO_PEOPLE
    ? demo
    : {
        async find(personId) {
          const row = await tables.get('people', { personId });
          // Only this issuer's people are kept here.
          return row && { ...StoredPerson.parse(row), issuer: config.SSO_ISSUER };
        },
        async signedIn({ personId, name, email, roles, team, claims }) {
          const at = now();
          const expirationTime = Math.floor(at.getTime() / 1000) + (config.REFRESH_TOKEN_DAYS + 1) * day;
          await tables.put('people', {
            personId,
            name,
            email,
            roles: [...roles],
            ...(team !== undefined && { team }),
            ...(claims !== undefined && { claims: { ...claims } }),
            signedInAt: at.toISOString(),
            expirationTime,
          });
        },
      };
