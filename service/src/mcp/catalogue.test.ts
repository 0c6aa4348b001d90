import { z } from 'zod';
import { ownTools } from '../../../contracts/packs/core.ts';
import { tools as contract, packNames, upstreamsOf } from '../../../contracts/packs/index.ts';
import { scopeNames, scopes } from '../../../contracts/scopes.ts';
import { assembleInMemory } from '../../test/rigs/whole.ts';
import { createCatalogue } from './catalogue.ts';
import { refusedAtRoot, refusedByHosts } from './published.ts';
import { defineQuery, noAccounts, type Tool } from './tool.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A schema and those in it. Names of members are not keywords. */
const schemasIn = (schema: unknown): Schema[] => {
  if (Array.isArray(schema)) return schema.flatMap(schemasIn);
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, ...words } = { ...schema } as Schema;
  return [{ ...schema }, ...[...Object.values(words), ...Object.values(Object(properties))].flatMap(schemasIn)];
};

const { catalogue } = await assembleInMemory({ ACCOUNT_APPROVAL_FOR_TAGGING: 'changes' });
const tools = [...catalogue.entries.values()];
const named = tools.map((entry): [string, (typeof tools)[number]] => [entry.tool.name, entry]);

it('serves exactly the tools of the contract', () => {
  const declared = Object.keys(contract);
  expect(tools.map((entry) => entry.tool.name).sort()).toEqual(declared.sort());
});

it('tells a part that several tools answer with at the first of them, and names it at the others', () => {
  const withQuality = tools.filter(({ tool }) => Object.hasOwn(tool.output.shape, 'data_quality'));
  const [first, ...others] = withQuality.map(({ listed }) => listed.outputSchema);
  expect(first).toHaveProperty(
    ['properties', 'data_quality', 'description'],
    expect.stringContaining('status (complete|partial|failed)'),
  );
  expect(others.length).toBeGreaterThan(0);
  for (const schema of others) {
    expect(schema).not.toHaveProperty(['properties', 'data_quality']);
    expect(schema.description).toContain('data_quality');
    expect(schema).not.toHaveProperty('$defs');
  }
});

it('describes the arguments that every tool has beside its own once', () => {
  for (const name of ['intent_id', 'approval_token', 'original_request']) {
    const members = tools.flatMap(({ listed }) => Object(listed.inputSchema.properties)[name] ?? []);
    const described = members.map(({ description }) => description).filter((words) => words !== undefined);
    expect(members.length).toBeGreaterThan(3);
    expect(described).toEqual([...new Set(described)]);
  }
});

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Changes on every account of a pack need an approval, so that all tools about access are served. */
const approvals = (pack: (typeof packNames)[number]) =>
  Object.fromEntries(
    [...upstreamsOf([pack]).values()].flatMap(({ approval }) =>
      typeof approval === 'string' ? [] : [[approval.variable, 'changes']],
    ),
  );

it.each(packNames)('takes few tokens of a model that lists it with %s: clients warn from 10,000 on', async (pack) => {
  const { catalogue: alone } = await assembleInMemory({ TOOL_PACKS: pack, ...approvals(pack) });
  expect(bytes({ tools: alone.list })).toBeLessThanOrEqual(40_000);
});

it('takes at most 14 kB for the tools of the service itself, so that a pack has 26 for its own', () => {
  const own = catalogue.list.filter(({ name }) => Object.hasOwn(ownTools, name));
  expect(own).toHaveLength(Object.keys(ownTools).length);
  expect(bytes(own)).toBeLessThanOrEqual(14_000);
});

describe.each(named)('%s', (_name, { tool, listed }) => {
  it('tells a model what it is for', () => {
    expect(tool.title.length).toBeGreaterThan(4);
    expect(tool.description.length).toBeGreaterThan(60);
    expect(tool.description.length).toBeLessThan(1000);
  });

  it('needs at least one scope, an elevated one to change or decide, and none that nobody asks for', () => {
    expect(tool.scopes.length).toBeGreaterThan(0);
    const told = Object.entries(listed._meta ?? {}).flatMap(([name, value]) => (name.endsWith('/scopes') ? value : []));
    const asked = scopeNames.filter((scope) => told.includes(scope));
    expect(asked).toHaveLength(told.length);
    // Asking for access, or saying no, gives nothing, and whoever only reads may need it too.
    const asksOnly = ['request_account_access', 'decline_intent'].includes(tool.name);
    expect(asked.some((scope) => scopes[scope].elevated)).toBe(tool.kind !== 'query' && !asksOnly);
  });

  it('hints what its kind does', () => {
    const { readOnlyHint, destructiveHint, openWorldHint = true } = listed.annotations;
    expect(typeof readOnlyHint).toBe('boolean');
    expect(openWorldHint).toBe(tool.annotations.openWorldHint);
    expect(typeof destructiveHint).toBe(readOnlyHint ? 'undefined' : 'boolean');
    // A query that takes more scopes for some arguments has a change asked for.
    expect(readOnlyHint).toBe(tool.kind === 'query' && tool.scopesFor === undefined);
    expect(listed.annotations.idempotentHint ?? false).toBe(!readOnlyHint && tool.annotations.idempotentHint);
    expect(listed.annotations.title).toBe(tool.title);
    if (readOnlyHint) expect(tool.annotations.destructiveHint).toBe(false);
  });

  it('describes every argument, and says where trying it dry tells something', () => {
    const { properties } = listed.inputSchema;
    const previews = tool.kind === 'act' && tool.preview !== undefined;
    const saysMore = tool.kind === 'change' || tool.estimate !== undefined || previews;
    expect(Object.keys(Object(properties)).includes('dry_run')).toBe(saysMore);
    const ownOnes = Object.keys(tool.input.shape);
    for (const [field, schema] of Object.entries(Object(properties)).filter(([name]) => ownOnes.includes(name)))
      expect([field, typeof Object(schema).description]).toEqual([field, 'string']);
  });

  it('has an input schema that every host’s model interface takes', () => {
    const { inputSchema } = listed;
    expect(inputSchema.type).toBe('object');
    for (const word of refusedAtRoot) expect(inputSchema).not.toHaveProperty(word);
    for (const schema of schemasIn(inputSchema)) {
      expect(Object.keys(schema).filter((word) => Object.hasOwn(refusedByHosts, word))).toEqual([]);
      // Gemini takes one type, OpenAI no way to look around in a pattern, both no format but this.
      expect(Array.isArray(schema.type)).toBe(false);
      expect(Array.isArray(schema.items)).toBe(false);
      expect(String(schema.pattern)).not.toMatch(/\(\?/);
      expect([undefined, 'date-time']).toContain(schema.format);
    }
  });

  it('says what it answers, as an object, and names every member of it', () => {
    const { type, description = '', properties = {} } = listed.outputSchema;
    expect(type).toBe('object');
    const named = [...String(description).split(/: |, /), ...Object.keys(Object(properties)), 'untrusted_text'];
    expect(named).toEqual(expect.arrayContaining(Object.keys(tool.output.shape)));
  });

  it('refers in its schemas to nothing that is not in them', () => {
    for (const schema of [listed.inputSchema, listed.outputSchema])
      for (const [, name = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g))
        expect(schema).toHaveProperty(name.replace('#/', '').split('/'));
  });

  it('has a scope its approver needs, if it is a change', () => {
    const approveScope = tool.kind === 'change' ? tool.approveScope : 'tag:approve';
    expect(scopes[approveScope].elevated).toBe(true);
  });
});

describe('what is published of an input and what is checked of it', () => {
  const query = (input: z.ZodObject): Tool =>
    defineQuery({
      name: 'get_tagging_policy',
      title: 'A tool of the test',
      description: 'A tool whose input has whatever a test gives it',
      scopes: ['tag:read'],
      input,
      output: z.object({}),
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      accounts: noAccounts,
      run: async () => ({}),
    });
  const parse = (input: z.ZodObject, args: unknown) => {
    const { entries } = createCatalogue([query(input)]);
    return entries.get('get_tagging_policy')?.parse(args).input;
  };

  it('checks between fields are kept beside the arguments that every tool has', () => {
    const range = z
      .strictObject({ from: z.number().describe('From'), to: z.number().describe('To') })
      .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from' });
    expect(() => parse(range, { from: 2, to: 1 })).toThrow('to: must not be before from');
    expect(() => parse(range, { from: 2, to: 1, dry_run: true })).toThrow('to: must not be before from');
    expect(parse(range, { from: 1, to: 2, dry_run: true })).toEqual({ from: 1, to: 2 });
    expect(() => parse(range, { from: 1, to: 2, force: true })).toThrow('force: is not an argument');
    const either = z.object({ a: z.string().optional(), b: z.string().optional() }).superRefine(({ a, b }, issues) => {
      if (a === undefined && b === undefined) issues.addIssue({ code: 'custom', message: 'give a or b' });
    });
    expect(() => parse(either, {})).toThrow('(arguments): give a or b');
    expect(() => parse(either, { a: 'x', c: 1 })).toThrow('c: is not an argument');
  });

  it('null is none for what may be left out, and wrong for what may not', () => {
    const input = z.strictObject({
      needed: z.string(),
      optional: z.string().optional(),
      defaulted: z.number().default(3),
      nullable: z.string().nullable().optional(),
    });
    const nulls = { optional: null, defaulted: null, nullable: null, dry_run: null };
    expect(parse(input, { needed: 'x', ...nulls })).toEqual({ needed: 'x', defaulted: 3, nullable: null });
    expect(() => parse(input, { needed: null })).toThrow(/^needed: /);
  });

  it('a name that a map does not take is told with the reason', () => {
    const input = z.strictObject({ tags: z.record(z.string().min(1).max(3), z.string()) });
    expect(() => parse(input, { tags: { '': 'x' } })).toThrow(/^tags\."": cannot be a name here \(Too small/);
    expect(() => parse(input, { tags: { long: 'x' } })).toThrow(/^tags\.long: cannot be a name here \(Too big/);
  });
});

describe('createCatalogue', () => {
  const [first] = tools;
  const tool = first?.tool;

  it('refuses a tool that is defined twice, or is not in the contract', () => {
    if (!tool) throw new Error('there are no tools');
    expect(() => createCatalogue([tool, tool])).toThrow('defined twice');
    const stranger: Tool = Object.assign({}, tool, { name: 'delete_everything' });
    expect(() => createCatalogue([stranger])).toThrow('not declared');
  });
});
