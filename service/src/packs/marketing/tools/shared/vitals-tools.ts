/** What the tools about Core Web Vitals have in common, of a site and of a page. */
import { z } from 'zod';
import type { CallContext } from '../../../../call.ts';
import { noAccounts } from '../../../../mcp/tool.ts';
import { UntrustedText } from '../../../../untrusted.ts';
import type { Marketing } from '../../world.ts';
import { readOnly } from './answer.ts';
import { HistoryAnswer, historyOf } from './vitals-history.ts';
import { VitalsAnswer, vitalsOf } from './web-vitals.ts';

type Crux = Marketing['crux'];
type Target = Parameters<Crux['current']>[0];

const reading = { scopes: ['marketing:read'], annotations: readOnly, accounts: noAccounts } as const;
const beside = { sandbox: z.boolean(), untrusted_text: UntrustedText };
const told = (sandbox: boolean) => ({ sandbox, untrusted_text: ['normalized_url'] });

/** As they are now. */
export const currentVitals = ({ crux, sandbox }: Pick<Marketing, 'crux' | 'sandbox'>) => ({
  ...reading,
  output: VitalsAnswer.extend(beside),
  run: async (target: Target, context: CallContext) => ({
    ...vitalsOf(await crux.current(target, context)),
    ...told(sandbox),
  }),
});

/** Week by week. */
export const vitalsOverTime = ({ crux, sandbox }: Pick<Marketing, 'crux' | 'sandbox'>) => ({
  ...reading,
  output: HistoryAnswer.extend(beside),
  run: async ({ weeks, ...target }: Target & { readonly weeks: number }, context: CallContext) => ({
    ...historyOf(await crux.history(target, weeks, context)),
    ...told(sandbox),
  }),
});
