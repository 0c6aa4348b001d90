import { coreTools, packs } from '../../../contracts/packs.ts';
import { scopes } from '../../../contracts/scopes.ts';
import { assembleInMemory } from '../../test/rigs/whole.ts';
import { createCatalogue } from './catalogue.ts';
import type { Tool } from './tool.ts';

const { catalogue } = await assembleInMemory();
const tools = [...catalogue.entries.values()];
const named = tools.map((entry): [string, (typeof tools)[number]] => [entry.tool.name, entry]);

it('serves exactly the tools of the contract', () => {
  const declared = [...Object.keys(coreTools), ...Object.values(packs).flatMap((pack) => Object.keys(pack.tools))];
  expect(tools.map((entry) => entry.tool.name).sort()).toEqual(declared.sort());
});

it('takes few tokens of a model that lists it: clients warn from 10,000 on', () => {
  expect(Buffer.byteLength(JSON.stringify({ tools: catalogue.list }))).toBeLessThanOrEqual(40_000);
});

describe.each(named)('%s', (_name, { tool, listed }) => {
  it('tells a model what it is for', () => {
    expect(tool.title.length).toBeGreaterThan(4);
    expect(tool.description.length).toBeGreaterThan(60);
    expect(tool.description.length).toBeLessThan(1000);
  });

  it('needs at least one scope, and an elevated one to change or decide', () => {
    expect(tool.scopes.length).toBeGreaterThan(0);
    const elevated = tool.scopes.some((scope) => scopes[scope].elevated);
    expect(elevated).toBe(tool.kind !== 'query');
  });

  it('hints what its kind does', () => {
    const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = listed.annotations;
    for (const hint of [readOnlyHint, destructiveHint, idempotentHint, openWorldHint])
      expect(typeof hint).toBe('boolean');
    expect(readOnlyHint).toBe(tool.kind === 'query');
    if (readOnlyHint) expect(destructiveHint).toBe(false);
  });

  it('describes every argument, takes no others, and can be tried dry', () => {
    const { properties, additionalProperties } = listed.inputSchema;
    expect(additionalProperties).toBe(false);
    expect(Object.keys(Object(properties))).toContain('dry_run');
    for (const [field, schema] of Object.entries(Object(properties)))
      expect([field, typeof Object(schema).description]).toEqual([field, 'string']);
  });

  it('says what it answers, as an object', () => {
    expect(listed.outputSchema.type).toBe('object');
    expect(listed.outputSchema.anyOf).toHaveLength(tool.estimate ? 3 : 2);
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
