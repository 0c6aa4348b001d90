import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { FormFactor, PageUrl } from './shared/crux-target.ts';
import { currentVitals } from './shared/vitals-tools.ts';

export const getCoreWebVitalsUrl = (world: Marketing): Query =>
  defineQuery({
    ...currentVitals(world),
    name: 'get_core_web_vitals_url',
    title: 'Core Web Vitals of a page',
    description: 'p75 and rating of one page over 28 days. Pages with few visits have no data.',
    input: z.strictObject({ url: PageUrl, formFactor: FormFactor }),
  });
