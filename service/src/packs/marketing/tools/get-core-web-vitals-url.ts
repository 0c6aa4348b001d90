import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { FormFactor, PageUrl } from './shared/crux-target.ts';
import { VitalsAnswer, vitalsOf } from './shared/web-vitals.ts';

export const getCoreWebVitalsUrl = ({ crux, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_core_web_vitals_url',
    title: 'Core Web Vitals of a page',
    description: 'p75 and rating of one page over 28 days. Pages with few visits have no data.',
    scopes: ['marketing:read'],
    input: z.strictObject({ url: PageUrl, formFactor: FormFactor }),
    output: VitalsAnswer.extend({ sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async (target, context) => ({
      ...vitalsOf(await crux.current(target, context)),
      sandbox,
      untrusted_text: ['normalized_url'],
    }),
  });
