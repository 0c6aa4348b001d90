import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { AnswerRows, readOnly } from './shared/answer.ts';
import { PageUrl, SiteOrigin } from './shared/crux-target.ts';
import { type ShownVitals, vitals, vitalsOf } from './shared/web-vitals.ts';

const devices = ['PHONE', 'TABLET', 'DESKTOP'] as const;
type Device = (typeof devices)[number];
type Compared = ShownVitals & { readonly form_factor: Device };

/** Undefined where fewer than two devices have a figure. */
const slowestIn = (compared: readonly Compared[], name: string): Device | undefined => {
  const figures = compared.flatMap(({ form_factor, metrics }) => {
    const p75 = metrics.find(({ metric }) => metric === name)?.p75;
    return typeof p75 === 'number' ? [{ form_factor, p75 }] : [];
  });
  const [worst, other] = figures.sort((one, two) => two.p75 - one.p75);
  return other === undefined || worst?.p75 === other.p75 ? undefined : worst?.form_factor;
};

export const compareCwvFormFactors = ({ crux, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'compare_cwv_form_factors',
    title: 'Compare Core Web Vitals by device',
    description: 'Core Web Vitals of a site or a page on phones, tablets and desktops.',
    scopes: ['marketing:read'],
    input: z
      .strictObject({ origin: SiteOrigin.optional(), url: PageUrl.optional() })
      .refine(({ origin, url }) => (origin === undefined) !== (url === undefined), 'give either origin or url'),
    output: z.object({
      devices: AnswerRows,
      worst: z.record(z.string(), z.string()),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async (target, context) => {
      const compared = await Promise.all(
        devices.map(
          async (formFactor): Promise<Compared> => ({
            form_factor: formFactor,
            ...vitalsOf(await crux.current({ ...target, formFactor }, context)),
          }),
        ),
      );
      const worst = vitals.flatMap(({ name }) => {
        const device = slowestIn(compared, name);
        return device === undefined ? [] : [[name, device]];
      });
      return {
        devices: compared,
        worst: Object.fromEntries(worst),
        sandbox,
        untrusted_text: ['devices[].normalized_url'],
      };
    },
  });
