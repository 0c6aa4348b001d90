/** Every change of an operation as a file, one line a value, for whoever reads five hundred of them in a spreadsheet. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { routes } from '../../../../contracts/routes.ts';
import { csv, csvType } from '../../files/csv.ts';
import type { Cell, Column } from '../../files/sheet.ts';
import { xlsx, xlsxType } from '../../files/xlsx.ts';
import type { Operation } from '../../operations/operation.ts';
import { type Arranged, arrange } from '../../web/operation/arranged.ts';
import { type KeyChange, keyChanges } from '../../web/operation/difference.ts';
import { findOperation } from './operations.ts';
import type { PageParts } from './parts.ts';
import { forPeople } from './visitor.ts';

interface Line extends Arranged {
  readonly value: KeyChange;
}

const cell = (value: unknown): Cell =>
  value === undefined || value === null || typeof value === 'string' ? (value ?? undefined) : JSON.stringify(value);

const columns: readonly Column<Line>[] = [
  { title: 'Resource', value: ({ change }) => change.resourceId },
  { title: 'Name', value: ({ change }) => change.label },
  { title: 'Kind', value: ({ change }) => change.kind },
  // As text, or a spreadsheet shows a twelve-digit account as 1.11E+11.
  { title: 'Account', value: ({ change }) => change.accountId },
  { title: 'Region', value: ({ change }) => change.region },
  { title: 'Key', value: ({ value }) => value.key },
  { title: 'Before', value: ({ value }) => cell(value.before) },
  { title: 'After', value: ({ value }) => cell(value.after) },
  { title: 'Change', value: ({ value }) => value.kind },
  { title: 'Expected to fail', value: ({ change }) => change.wouldFail },
  { title: 'Outcome', value: ({ outcome }) => outcome?.outcome },
  { title: 'Error', value: ({ outcome }) => outcome?.message ?? outcome?.code },
];

function* linesOf(operation: Operation): Generator<Line> {
  for (const one of arrange(operation, {}).fitting) for (const value of keyChanges(one.change)) yield { ...one, value };
}

export const addChangesFile = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.operationChanges.path,
    forPeople(parts, async (visitor, request, reply) => {
      const operation = await findOperation(parts, visitor, request.params);
      return reply
        .header('content-disposition', `attachment; filename="${operation.operationId}.csv"`)
        .type(csvType)
        .send(Readable.from(csv(columns, linesOf(operation))));
    }),
  );
  scope.get(
    routes.operationWorkbook.path,
    forPeople(parts, async (visitor, request, reply) => {
      const operation = await findOperation(parts, visitor, request.params);
      const file = await xlsx(columns, linesOf(operation));
      return reply
        .header('content-disposition', `attachment; filename="${operation.operationId}.xlsx"`)
        .type(xlsxType)
        .send(Buffer.from(file));
    }),
  );
};
