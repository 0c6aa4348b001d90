/**
 * The environment of the service's container: every variable, its meaning, unit, bounds and default.
 * The platform derives the task definition and the secret grants; the service derives its parsed configuration and
 * refuses to start on anything else; docs/configuration.md is generated from it. The variables themselves are declared
 * by theme in contracts/variables/, those of a pack in its contract.
 */

import type { z } from 'zod';
import { merged, packNames, packs } from './packs/index.ts';
import type { PackContract } from './packs/pack.ts';
import { list } from './variable.ts';
import { auditVariables } from './variables/audit.ts';
import { callerVariables } from './variables/callers.ts';
import { cloudVariables } from './variables/cloud.ts';
import { countersigningVariables } from './variables/countersigning.ts';
import { deliveryVariables } from './variables/deliveries.ts';
import { functionVariables } from './variables/function.ts';
import { safetyVariables } from './variables/safety.ts';
import { servingVariables } from './variables/serving.ts';
import { storeVariables } from './variables/stores.ts';
import { telemetryVariables } from './variables/telemetry.ts';

const packVariables = {
  TOOL_PACKS: list({
    description: 'Tool packs to serve, comma separated.',
    default: packNames,
    item: new RegExp(`^(${packNames.join('|')})$`),
    itemError: `names an unknown pack; known: ${packNames.join(', ')}`,
    example: packNames.join(','),
  }),
};

const coreEnvironment = {
  ...servingVariables,
  ...packVariables,
  ...storeVariables,
  ...callerVariables,
  ...safetyVariables,
  ...countersigningVariables,
  ...auditVariables,
  ...cloudVariables,
  ...deliveryVariables,
  ...telemetryVariables,
  ...functionVariables,
};

/** Every variable that this version knows, of all packs. */
export const environment = { ...coreEnvironment, ...merged('variables', coreEnvironment) };

export type VariableName = keyof typeof environment;
export const variableNames = Object.keys(environment) as VariableName[];

interface Section {
  readonly title: string;
  readonly variables: readonly VariableName[];
}

/** Titles of the service's own variables in the reference. */
const coreSections: readonly { readonly title: string; readonly variables: object }[] = [
  { title: 'Where it listens and who it is', variables: servingVariables },
  { title: 'What it does', variables: packVariables },
  { title: 'State', variables: storeVariables },
  { title: 'Who may call', variables: callerVariables },
  { title: 'How much, and what is asked first', variables: safetyVariables },
  { title: 'Who countersigns', variables: countersigningVariables },
  { title: 'The audit log', variables: auditVariables },
  { title: 'AWS', variables: cloudVariables },
  { title: 'Jobs, notices and files', variables: deliveryVariables },
  { title: 'Telemetry', variables: telemetryVariables },
  { title: 'As a Lambda function', variables: functionVariables },
];

/** Sections of the reference: the service's own, and one a pack. */
export const environmentSections: readonly Section[] = [
  ...coreSections,
  ...Object.values<PackContract>(packs).map(({ title, variables = {} }) => ({ title, variables })),
].map(({ title, variables }) => ({
  title,
  variables: variableNames.filter((name) => Object.hasOwn(variables, name)),
}));

/** The parsed environment: one field a variable, of the type its schema yields. */
export type Environment = { [V in VariableName]: z.output<(typeof environment)[V]['schema']> };
