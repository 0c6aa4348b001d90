import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { FormFactor, PageUrl, Weeks } from './shared/crux-target.ts';
import { vitalsOverTime } from './shared/vitals-tools.ts';

export const getCwvHistoryUrl = (world: Marketing): Query =>
  defineQuery({
    ...vitalsOverTime(world),
    name: 'get_cwv_history_url',
    title: 'Core Web Vitals of a page over time',
    description: 'Core Web Vitals of a page week by week, with change and latest rating.',
    input: z.strictObject({ url: PageUrl, formFactor: FormFactor, weeks: Weeks }),
  });
