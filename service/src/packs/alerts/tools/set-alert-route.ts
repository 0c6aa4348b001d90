import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { RouteTree } from '../model/route.ts';
import { changedRoutes, planRoutes, routeSteps } from '../routing/change.ts';
import type { AlertPack } from '../world.ts';
import { AskedAlertChange, askedAnswer, ownChange } from './shared/asked-change.ts';

/** Changes that one answer names. */
const MOST_NAMED = 40;

/** @throws invalid_input naming the place in the tree */
const treeIn = (given: unknown) => {
  const parsed = RouteTree.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CountersignError('invalid_input', `${['tree', ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
};

export const setAlertRoute = (pack: AlertPack): Change =>
  defineChange({
    ...ownChange,
    ...routeSteps(pack),
    name: 'set_alert_route',
    title: 'Set the routes of alerts',
    description:
      'Asks for another routing tree in place of the whole one. The first child that matches takes an alert, also later ones with continue. preview_routing shows the tree. A second person agrees.',
    scopes: ['alerts:admin'],
    input: z.strictObject({
      // Checked by the plan: a schema that contains itself is more than many clients read.
      tree: z
        .record(z.string(), z.unknown())
        .describe(
          'Root {receiver, routes}. A node: receiver, matchers, continue, group_by, group_wait (30s), group_interval (5m), repeat_interval (4h), routes; what it lacks it inherits',
        ),
      expected_version: z.int().min(0).describe('Version of preview_routing'),
    }),
    output: AskedAlertChange.extend({ version: z.int(), changes: z.array(z.string()) }),
    plan: ({ tree, expected_version }, context) => planRoutes(pack, treeIn(tree), expected_version, context),
    present: (operation) => {
      const [change] = operation.plan.changes;
      const answer = askedAnswer(pack, operation);
      return {
        ...answer,
        version: Number(change?.after.version),
        changes: change === undefined ? [] : changedRoutes(change).slice(0, MOST_NAMED),
        untrusted_text: [...answer.untrusted_text, 'changes'],
      };
    },
  });
