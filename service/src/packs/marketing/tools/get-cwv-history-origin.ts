import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { FormFactor, SiteOrigin, Weeks } from './shared/crux-target.ts';
import { HistoryAnswer, historyOf } from './shared/vitals-history.ts';

export const getCwvHistoryOrigin = ({ crux, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_cwv_history_origin',
    title: 'Core Web Vitals of a site over time',
    description: 'Core Web Vitals of a site week by week, with change and latest rating.',
    scopes: ['marketing:read'],
    input: z.strictObject({ origin: SiteOrigin, formFactor: FormFactor, weeks: Weeks }),
    output: HistoryAnswer.extend({ sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async ({ weeks, ...target }, context) => ({
      ...historyOf(await crux.history(target, weeks, context)),
      sandbox,
      untrusted_text: ['normalized_url'],
    }),
  });
