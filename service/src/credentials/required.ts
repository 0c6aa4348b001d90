/** What a person is told whose credential is missing. Nothing of a credential is in it. */
import { routes } from '../../../contracts/routes.ts';
import { CountersignError } from '../errors.ts';
import type { Provider } from './providers.ts';

/** missing: there is none. ended: the provider no longer accepts it. */
export type Lack = 'missing' | 'ended';

const words: Readonly<Record<Provider['way'], Readonly<Record<Lack, (provider: Provider, page: string) => string>>>> = {
  header: {
    missing: ({ title, header }) =>
      `This acts on ${title} with an access token of your own: send it in the header ${header} of the request, in the form that ${title} gave it. It is used in that request only, and never kept.`,
    ended: ({ title, header }) =>
      `${title} refused the access token in the header ${header}: it has expired, or does not cover this. Get a new one and send it.`,
  },
  connected: {
    missing: ({ title }, page) =>
      `This acts on ${title} as the person who asks, who has connected no account there. Open ${page}, connect one, and ask again.`,
    ended: ({ title }, page) =>
      `${title} no longer accepts the account that was connected. Open ${page}, connect it again, and ask again.`,
  },
};

/** How a provider's credential is asked for, in words. */
export const wantedOf = (provider: Provider, lack: Lack, publicUrl: string): string =>
  words[provider.way][lack](provider, publicUrl + routes.apps.path);

export const credentialsRequired = (provider: Provider, lack: Lack, publicUrl: string): CountersignError =>
  new CountersignError('credentials_required', wantedOf(provider, lack, publicUrl), {
    details: {
      provider: provider.name,
      ...(provider.way === 'header' ? { header: provider.header } : { page: publicUrl + routes.apps.path }),
    },
  });

export const unreachable = ({ title }: Pick<Provider, 'title'>): CountersignError =>
  new CountersignError('upstream_error', `${title} gives no access token at the moment. Try again in a minute.`);
