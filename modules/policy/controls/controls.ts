/** Every control of the standard that is judged here, and the policy that demands a reason where one fails in prod. */
import type { Breach, Origin, Policy, StackView } from '../view.ts';
import { computeControls } from './compute.ts';
import { type Control, failing } from './control.ts';
import { bucketControls, databaseControls, databaseEventControls, storeControls } from './data.ts';
import { identityControls } from './identity.ts';
import { apiControls, balancerControls, edgeControls } from './ingress.ts';
import { instanceControls, networkControls } from './network.ts';
import { controlReasons } from './reasons.ts';
import { controlSettings } from './settings.ts';
import { threatControls, trailControls } from './watching.ts';

export const controls: readonly Control[] = [
  ...apiControls,
  ...balancerControls,
  ...bucketControls,
  ...computeControls,
  ...databaseControls,
  ...databaseEventControls,
  ...edgeControls,
  ...identityControls,
  ...instanceControls,
  ...networkControls,
  ...storeControls,
  ...threatControls,
  ...trailControls,
];

const known = new Set(controls.map(({ id }) => id));

/** Addresses that fail without a reason. */
export const unexcused = (
  { id }: Control,
  addresses: readonly string[],
  own: StackView['controlReasons'],
): string[] => {
  if (Object.hasOwn(own, id)) return [];
  const builtIn = controlReasons[id];
  if (builtIn === undefined) return [...addresses];
  const { of } = builtIn;
  return of === undefined ? [] : addresses.filter((address) => !of.test(address));
};

const asked = (settings: readonly string[], remedy: string): Origin => ({
  settings,
  value: '',
  source: 'docs/controls.md',
  remedy,
});

const breachOf = (control: Control, view: StackView): Breach[] => {
  const addresses = failing(control, view) ?? [];
  const [first, ...others] = unexcused(control, addresses, view.controlReasons);
  if (first === undefined) return [];
  const rest = others.length === 0 ? '' : ` and ${others.length} more`;
  const problem = `${rest} fails ${control.id}, ${control.title}`.trimStart();
  const write = `rite the reason in control_reasons = { "${control.id}" = "..." }.`;
  const setting = controlSettings[control.id];
  if (setting === undefined) return [{ address: first, problem, from: asked([], `W${write}`) }];
  return [{ address: first, problem, from: asked([setting], `Or w${write}`) }];
};

const strangers = (view: StackView): Breach[] =>
  Object.keys(view.controlReasons)
    .filter((id) => !known.has(id))
    .map((id) => ({
      address: 'control_reasons',
      problem: `names ${id}, which is no control that is judged here: docs/controls.md lists them`,
    }));

export const controlsHaveReasons: Policy = {
  name: 'Foundational Security Best Practices in prod',
  breaches: (view) =>
    view.prod ? [...strangers(view), ...controls.flatMap((control) => breachOf(control, view))] : [],
};
