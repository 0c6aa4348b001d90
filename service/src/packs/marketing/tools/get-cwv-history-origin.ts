import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { FormFactor, SiteOrigin, Weeks } from './shared/crux-target.ts';
import { vitalsOverTime } from './shared/vitals-tools.ts';

export const getCwvHistoryOrigin = (world: Marketing): Query =>
  defineQuery({
    ...vitalsOverTime(world),
    name: 'get_cwv_history_origin',
    title: 'Core Web Vitals of a site over time',
    description: 'Core Web Vitals of a site week by week, with change and latest rating.',
    input: z.strictObject({ origin: SiteOrigin, formFactor: FormFactor, weeks: Weeks }),
  });
