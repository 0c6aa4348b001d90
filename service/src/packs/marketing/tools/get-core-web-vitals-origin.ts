import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { FormFactor, Origin } from './shared/crux-target.ts';
import { VitalsAnswer, vitalsOf } from './shared/web-vitals.ts';

export const getCoreWebVitalsOrigin = ({ crux, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_core_web_vitals_origin',
    title: 'Core Web Vitals of a site',
    description:
      'How fast a whole site was for Chrome users in the last 28 days: p75 and rating of LCP, INP, CLS, FCP, TTFB. Public data.',
    scopes: ['marketing:read'],
    input: z.strictObject({ origin: Origin, formFactor: FormFactor }),
    output: VitalsAnswer.extend({ sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async (target, context) => ({
      ...vitalsOf(await crux.current(target, context)),
      sandbox,
      untrusted_text: ['normalized_url'],
    }),
  });
