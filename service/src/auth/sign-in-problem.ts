/** What people read when they could not be signed in. */
import type { Config } from '../config.ts';
import type { Person } from './caller.ts';
import type { SignInFailure } from './sso.ts';

export interface SignInProblem {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const problems: Readonly<Record<SignInFailure, SignInProblem>> = {
  refused: {
    status: 403,
    title: 'You were not signed in',
    message:
      'Your company’s sign-in was cancelled, or refused it. Start again from where you came, or ask your administrator.',
  },
  unknown: {
    status: 400,
    title: 'This sign-in has ended',
    message: 'It was begun in another browser, took more than ten minutes, or was finished already. Start again.',
  },
  invalid: {
    status: 502,
    title: 'Your company’s answer could not be checked',
    message: 'Nobody was signed in. Start again; if it stays so, your administrator finds the reason in the log.',
  },
  no_auth_time: {
    status: 502,
    title: 'Your company’s sign-in does not say when you signed in',
    message:
      'This needs a fresh sign-in, and nobody was signed in. The operator of Countersign can fix this: the provider’s ID token lacks auth_time, which has to be added to it as an optional claim.',
  },
  unreachable: {
    status: 503,
    title: 'Your company’s sign-in does not answer',
    message: 'Nobody was signed in. Try again in a minute.',
  },
};

export const signInProblem = (reason: SignInFailure): SignInProblem => problems[reason];

/** Who they are is known; what they may do is not. Says whom to ask for what. */
export const noRole = (person: Pick<Person, 'name'>, { ROLE_MAP }: Pick<Config, 'ROLE_MAP'>): SignInProblem => {
  const groups = Object.keys(ROLE_MAP);
  return {
    status: 403,
    title: 'You have no role here yet',
    message: [
      `You are signed in as ${person.name}, and none of your groups gives a role in Countersign.`,
      groups.length > 0
        ? `Ask whoever manages your company’s groups to add you to one of: ${groups.join(', ')}. Then sign in again.`
        : 'Ask whoever operates Countersign to map a group of yours to a role (setting ROLE_MAP). Then sign in again.',
    ].join('\n'),
  };
};
