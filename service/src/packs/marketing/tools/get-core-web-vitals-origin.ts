import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { FormFactor, SiteOrigin } from './shared/crux-target.ts';
import { VitalsAnswer, vitalsOf } from './shared/web-vitals.ts';

export const getCoreWebVitalsOrigin = ({ crux, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_core_web_vitals_origin',
    title: 'Core Web Vitals of a site',
    description: 'p75 and rating of LCP, INP, CLS, FCP and TTFB of a site over 28 days.',
    scopes: ['marketing:read'],
    input: z.strictObject({ origin: SiteOrigin, formFactor: FormFactor }),
    output: VitalsAnswer.extend({ sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async (target, context) => ({
      ...vitalsOf(await crux.current(target, context)),
      sandbox,
      untrusted_text: ['normalized_url'],
    }),
  });
