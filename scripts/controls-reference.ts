/** docs/controls.md: how the environments stand with AWS's Foundational Security Best Practices. */
import type { Control } from '../modules/policy/controls/control.ts';
import { controls } from '../modules/policy/controls/controls.ts';
import { judge, type Outcome, reasonOf } from '../modules/policy/controls/judgement.ts';
import { outsideControls, unusedKinds, unusedServices } from '../modules/policy/controls/outside.ts';
import { type StackView, viewOf } from '../modules/policy/view.ts';
import { settingsOf } from '../modules/testing/synthesized.ts';
import { stacksOf } from '../proof/platform/synth.ts';

const environments = ['prod', 'staging', 'dev'] as const;

const viewsOf = async (name: string): Promise<readonly StackView[]> => {
  const [settings] = await settingsOf(name);
  const stacks = await stacksOf(name);
  return [...stacks.values()].map(({ json }) =>
    viewOf(JSON.parse(json), name === 'prod', { controlReasons: settings?.control_reasons ?? {} }),
  );
};

const words: Readonly<Record<Outcome, string>> = { absent: '–', passes: 'passes', excused: 'reason', fails: 'fails' };

// The user guide has a page a service.
const link = (id: string): string => {
  const [service = '', number = ''] = id.toLowerCase().split('.');
  return `[${id}](https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number})`;
};

/** APIGateway.8 before APIGateway.10. */
const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id.localeCompare(b.id, 'en', { numeric: true, sensitivity: 'base' });

const row = (control: Control, views: readonly (readonly StackView[])[]): string => {
  const outcomes = views.map((of) => judge(control, of).outcome);
  const [prod] = views;
  const why = outcomes[0] === 'excused' && prod !== undefined ? reasonOf(control, prod) : undefined;
  return `| ${link(control.id)} | ${control.title} | ${outcomes.map((outcome) => words[outcome]).join(' | ')} | ${why ?? ''} |`;
};

/** Synthesizes the environments. */
export const controlsReference = async (): Promise<string> => {
  const views = await Promise.all(environments.map(viewsOf));
  return [
    '# Foundational Security Best Practices',
    '',
    'Generated from `modules/policy/controls/` and the environments by `npm run docs`; do not edit.',
    '',
    'Security Hub judges an account by the controls of the [AWS Foundational Security Best Practices](https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html).',
    'Here they are judged before anything is deployed, from the resources that are synthesized. In prod each control passes or',
    'has a written reason, or synthesis is refused. Reasons that hold for every environment are in',
    '`modules/policy/controls/reasons.ts`; one that is your own decision goes into the environment’s file:',
    '',
    '```hcl',
    'control_reasons = { "GuardDuty.1" = "The organization makes the detector, for all of its accounts." }',
    '```',
    '',
    'Staging and dev need no reasons. A dash: nothing there is of that kind. Security Hub itself may differ, where it looks at',
    'what is there and not at what was asked for; nobody has run it on these stacks.',
    '',
    `| control | what it wants | ${environments.join(' | ')} | why it may fail in prod |`,
    '|---|---|---|---|---|---|',
    ...[...controls].sort(byId).map((control) => row(control, views)),
    '',
    '## Kept elsewhere',
    '',
    'No resource of a stack can pass or fail these.',
    '',
    '| control | what it wants | who keeps it |',
    '|---|---|---|',
    ...[...outsideControls].sort(byId).map(({ id, title, keeper }) => `| ${link(id)} | ${title} | ${keeper} |`),
    '',
    '## Of kinds that are not made here',
    '',
    ...unusedKinds.map(({ kind, ids }) => `- ${kind}: ${ids.join(', ')}`),
    `- Whole services: ${unusedServices.join(', ')}`,
    '',
  ].join('\n');
};
