/** How much a caller may do before it is asked, and who looks at its calls. */
import { z } from 'zod';
import { choice, integer, json, list, url, type VariableContract, variable } from '../variable.ts';

export const safetyVariables = {
  RATE_LIMIT_PER_MINUTE: integer({
    description: 'Requests per minute of one person through one client.',
    default: 600,
    min: 1,
    max: 1_000_000,
  }),
  BUDGET_CALLS_PER_HOUR: integer({
    description: 'Tool calls per hour of one person through one client; dry runs do not count.',
    default: 100,
    min: 1,
    max: 100_000_000,
  }),
  LOOP_CALLS: integer({
    description:
      'Identical tool calls allowed in 300 seconds; the next one is refused. Looking at operations and the audit log may be repeated.',
    default: 3,
    min: 1,
    max: 100_000_000,
  }),
  CLARIFY: choice({
    description:
      'limits: a scan asks which types and regions are meant only when its estimate is over MAX_RESOURCES_WITHOUT_APPROVAL. always: whenever they are missing. What is assumed is told and logged either way.',
    values: ['limits', 'always'],
    default: 'limits',
  }),
  CLARIFY_TOOLS: list({
    description: 'Tools for which CLARIFY=always holds, whatever CLARIFY says.',
    item: /^[a-z][a-z0-9_]{2,63}$/,
    itemError: 'must be names of tools',
    example: 'get_audit_log,get_operation',
  }),
  MAX_RESOURCES_WITHOUT_APPROVAL: integer({
    description: 'Resources one scan may read without being confirmed.',
    default: 500,
    min: 1,
    max: 1_000_000,
  }),
  MAX_COST_WITHOUT_APPROVAL: variable(
    z
      .string()
      .regex(/^\d{1,6}(\.\d{1,2})?$/, 'must be US dollars such as 0.50')
      .default('0.50'),
    {
      description:
        'US dollars that the upstream requests of one call may be charged at without being confirmed. A charge in another currency is always confirmed.',
      example: '0.50',
    },
  ),
  MAX_DAYS_WITHOUT_APPROVAL: integer({
    description: 'Days of the period that one call may ask about without being confirmed.',
    default: 30,
    min: 1,
    max: 3650,
  }),
  REGRETS: variable(
    json(
      z.array(z.string().min(1).max(300)).max(20, { error: 'must be a list of at most 20 sentences' }),
      'must be JSON such as ["Payroll is in eu-central-1."]',
    ).default([]),
    {
      description:
        'JSON list of sentences of the organization’s own that are told with every question before a call runs.',
      example: '["Payroll is in eu-central-1."]',
    },
  ),
  REVIEWER: choice({
    description:
      'Whether a reviewer looks at calls before they run. rules: by policy, cost, what the person usually asks for, and what was refused. model: by those, then by the model at REVIEWER_URL. It asks for more approval and never for less; where it fails, a person is asked.',
    values: ['off', 'rules', 'model'],
    default: 'off',
  }),
  REVIEWER_URL: url({
    description:
      'Where the model of the reviewer answers: POST <url>/review with operation, parameters, estimated_resources, summary and rules, to {"risk":"low|medium|high","confidence":0..1,"reasons":[]} within ten seconds.',
    example: 'https://reviewer.internal.example.com',
  }),
} as const satisfies Record<string, VariableContract>;
