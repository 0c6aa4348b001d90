import type { TableContract } from '../../../../contracts/table.ts';
import { makeShape, shapes } from '../shape.ts';
import { differ, MigrationError } from './differ.ts';
import { type Schema, toSchema } from './schema.ts';

const table: TableContract = {
  description: '',
  postgres: 'things',
  partition: 'thingId',
  attributes: {
    thingId: { type: 'string' },
    madeAt: { type: 'timestamp' },
    note: { type: 'string', optional: true },
    expires: { type: 'epoch', optional: true },
  },
  indexes: { 'note-madeAt-index': { partition: 'note', sort: 'madeAt' } },
  ttl: 'expires',
  pointInTimeRecovery: false,
};
const schemaOf = (changes: Partial<TableContract> = {}): Schema =>
  toSchema([makeShape('operations', { ...table, ...changes })]);
const attributes = (changes: TableContract['attributes']) => ({ attributes: { ...table.attributes, ...changes } });
const had = schemaOf();

describe('differ', () => {
  it('creates everything in an empty database', () => {
    expect(differ({}, had)).toEqual({
      statements: [
        'create table "things" ("thing_id" text collate "C" not null, "made_at" timestamptz not null, "note" text collate "C", "expires" bigint, primary key ("thing_id"))',
        'create index "things_note_made_at" on "things" using btree ("note", "made_at", "thing_id") where "note" is not null',
        'create index "things_ttl" on "things" using brin ("expires") where "expires" is not null',
      ],
      indexes: [],
      schema: had,
    });
  });

  it('has nothing to do where nothing changed', () => {
    expect(differ(had, schemaOf())).toEqual({ statements: [], indexes: [], schema: had });
    const contract = toSchema(Object.values(shapes));
    expect(differ(contract, contract).statements).toEqual([]);
  });

  it('adds a table, an optional attribute and an index', () => {
    const wanted: Schema = {
      ...schemaOf({
        ...attributes({ colour: { type: 'json', optional: true } }),
        indexes: { ...table.indexes, 'madeAt-index': { partition: 'madeAt' } },
      }),
      ...toSchema([shapes.elevations]),
    };
    const { statements, indexes } = differ(had, wanted);
    expect(indexes.map((index) => [index.name, index.statement(true)])).toEqual([
      ['things_made_at', 'create index concurrently "things_made_at" on "things" using btree ("made_at", "thing_id")'],
    ]);
    expect(statements).toEqual([
      'alter table "things" add column "colour" jsonb',
      expect.stringMatching(/^create table "elevations"/),
      expect.stringMatching(/^create index "elevations_ttl"/),
    ]);
  });

  it('lets a version that knows less run on what a later one made', () => {
    const later = differ(had, schemaOf(attributes({ colour: { type: 'json', optional: true } }))).schema;
    const earlier = differ(later, { ...had });
    expect(earlier).toEqual({ statements: [], indexes: [], schema: later });
    expect(differ({ ...had, ...toSchema([shapes.elevations]) }, had).statements).toEqual([]);
  });

  it.each<[string, Partial<TableContract>, string]>([
    ['a required attribute', attributes({ colour: { type: 'string' } }), 'things.colour is new and required'],
    ['another type', attributes({ note: { type: 'json', optional: true } }), 'things.note is text'],
    ['an optional attribute made required', attributes({ note: { type: 'string' } }), 'things.note was optional'],
    [
      'a required attribute made optional',
      attributes({ madeAt: { type: 'timestamp', optional: true } }),
      'was required',
    ],
    ['another key', { sort: 'madeAt' }, 'things has the key (thing_id), not (thing_id,made_at)'],
    ['another name', { postgres: 'objects' }, 'table things is now called objects'],
    ['another TTL', { ttl: 'madeAt' }, 'index things_ttl has other columns'],
    [
      'a required attribute gone',
      {
        attributes: { thingId: { type: 'string' }, note: { type: 'string', optional: true } },
        indexes: {},
        ttl: undefined,
      },
      'things.made_at is required in the database',
    ],
  ])('refuses %s', (_what, changes, message) => {
    const migrate = () => differ(had, schemaOf(changes));
    expect(migrate).toThrow(MigrationError);
    expect(migrate).toThrow(message);
  });

  it('names everything that is in the way', () => {
    expect(() => differ(had, schemaOf({ postgres: 'objects', sort: 'madeAt' }))).toThrow(/called objects\n.*the key/);
  });
});
