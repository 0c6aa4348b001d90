import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { FormFactor, SiteOrigin } from './shared/crux-target.ts';
import { currentVitals } from './shared/vitals-tools.ts';

export const getCoreWebVitalsOrigin = (world: Marketing): Query =>
  defineQuery({
    ...currentVitals(world),
    name: 'get_core_web_vitals_origin',
    title: 'Core Web Vitals of a site',
    description: 'p75 and rating of LCP, INP, CLS, FCP and TTFB of a site over 28 days.',
    input: z.strictObject({ origin: SiteOrigin, formFactor: FormFactor }),
  });
