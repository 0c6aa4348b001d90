import { z } from 'zod';
import { publishedInput, publishedOutput } from './published.ts';
import { defineQuery, noAccounts } from './tool.ts';

const outputOf = (output: z.ZodObject) =>
  publishedOutput(
    defineQuery({
      name: 'get_tagging_policy',
      title: 'A tool of the test',
      description: 'A tool whose answer has whatever a test gives it',
      scopes: ['tag:read'],
      input: z.object({}),
      output,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      accounts: noAccounts,
      run: async () => ({}),
    }),
  );

describe('an answer in tools/list', () => {
  it('names its members, and tells what lists are of', () => {
    const output = z.object({
      id: z.string(),
      total: z.number().describe('All pages'),
      rows: z.array(z.object({ name: z.string(), at: z.string() })).describe('Newest first'),
      untrusted_text: z.array(z.string()),
    });
    expect(outputOf(output)).toEqual({
      type: 'object',
      description: 'id, total',
      properties: {
        rows: { description: 'Newest first. each: name, at' },
      },
    });
  });

  it('names what is within a part, with values where they are few', () => {
    const row = z.object({ id: z.string(), usd: z.number().describe('A month'), kind: z.enum(['a', 'b']).nullable() });
    const output = z.object({
      rows: z.array(row).describe('Dearest first'),
      byName: z.record(z.string(), row),
      part: row.describe('The first'),
    });
    const names = 'id, usd, kind (a|b|null)';
    expect(outputOf(output).properties).toEqual({
      rows: { description: `Dearest first. each: ${names}` },
      byName: { description: `each: ${names}` },
      part: { description: `The first: ${names}` },
    });
  });

  it('takes every answer that the tool may give, also null, members of later versions and answers in place of its own', () => {
    const output = z.object({
      rank: z.enum(['low', 'high']).nullable(),
      always: z.literal('yes').nullable(),
      either: z.union([z.literal(1), z.literal(2)]).nullable(),
      part: z.strictObject({ size: z.number().describe('bytes') }).nullable(),
      rows: z.array(z.object({ at: z.iso.datetime().nullable() })),
      json: z.json(),
    });
    const published = z.fromJSONSchema(JSON.parse(JSON.stringify(outputOf(output))));
    const full = {
      rank: 'low',
      always: 'yes',
      either: 2,
      part: { size: 1, unit: 'B' },
      rows: [{ at: null }],
      json: [null],
    };
    const empty = { rank: null, always: null, either: null, part: null, rows: [], json: null };
    for (const answer of [full, empty, { dry_run: true, estimated_scope: {} }, { step_up_url: 'https://example.com' }])
      expect(published.safeParse(answer)).toMatchObject({ success: true });
    expect(published.safeParse({ ...full, rank: 'middle' }).success).toBe(false);
  });
});

it('an argument is published without what a model assumes anyway, and checked with it', () => {
  const input = z.strictObject({
    id: z.string().min(1).max(200).describe('Id'),
    code: z.string().min(2).max(80).describe('Code'),
    count: z.int().min(1).max(9).default(1).describe('How many'),
    zero: z.int().min(0).describe('May be none'),
    force: z.boolean().default(false).describe('Anyway'),
    role: z.string().optional().describe('Only the configured one').meta({ unsaid: true }),
  });
  expect(publishedInput(input, { kind: 'query' }).properties).toEqual({
    id: { type: 'string', description: 'Id' },
    code: { type: 'string', minLength: 2, description: 'Code' },
    count: { type: 'integer', maximum: 9, default: 1, description: 'How many' },
    zero: { type: 'integer', minimum: 0, description: 'May be none' },
    force: { type: 'boolean', description: 'Anyway' },
  });
});
