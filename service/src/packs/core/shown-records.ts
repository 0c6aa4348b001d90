/** Which records of the audit log a caller may see. */

import type { Scope } from '../../../../contracts/scopes.ts';
import type { AuditFilter } from '../../audit/port.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { CountersignError } from '../../errors.ts';
import type { Pipeline } from '../../operations/pipeline.ts';
import { isOwnPart } from '../../operations/sight.ts';

type Sees = Pick<Pipeline, 'seenBy' | 'sight'>;
/** A caller of a tool, or who looks at a page. */
interface Looks {
  readonly scopes: ReadonlySet<Scope>;
}

/** Also one of a newer version, which only its own tasks can show. */
const maySee = (pipeline: Sees, caller: Looks, operationId: string): Promise<boolean> =>
  pipeline
    .seenBy(caller)
    .get(operationId)
    .then(
      (operation) => operation !== undefined,
      (error: unknown) => {
        if (error instanceof CountersignError && error.code === 'newer_version') return true;
        throw error;
      },
    );

/** Of what somebody read through the service's own tools: the operation that it was about. A dry run reads none. */
const aboutOf = ({ tool, action, result, parameters }: AuditRecord): string | undefined => {
  const told = isOwnPart(tool) && result === 'success' && action !== 'dry-run';
  const id: unknown = told ? Object(parameters).operation_id : undefined;
  return typeof id === 'string' ? id : undefined;
};

/**
 * Whether a caller may see a record: those of tools whose operations they may see. What they read of an operation that
 * they may not see any more is not shown either; that they asked for one in vain is, whether there is one or not.
 */
export const shownTo = (pipeline: Sees, caller: Looks): AuditFilter['shows'] => {
  if (caller.scopes.has('admin')) return undefined;
  const known = new Map<string, Promise<boolean>>();
  const sees = (id: string): Promise<boolean> => {
    const found = known.get(id) ?? maySee(pipeline, caller, id);
    known.set(id, found);
    return found;
  };
  return (record) => {
    if (!isOwnPart(record.tool)) return pipeline.sight.shows(record.tool, caller.scopes);
    const id = aboutOf(record);
    return id === undefined || sees(id);
  };
};

/** The channel, without who was told on it. */
const channelOf = (entry: string): string => entry.split(' ', 1)[0] ?? '';

/** Where colleagues sit, what they run and who is told of what is theirs: of others only admins see it. */
export const withoutPlace = (record: AuditRecord, { scopes }: Looks, personId: string): AuditRecord => {
  if (scopes.has('admin')) return record;
  const { notificationsSent: sent, ...others } = record;
  const told = sent?.map((entry) => (entry.endsWith(` ${personId}`) ? entry : channelOf(entry)));
  const shown = { ...others, ...(told && { notificationsSent: told }) };
  if (record.userId === personId) return shown;
  const { ipAddress: _address, userAgent: _program, callerRequestId: _id, ...rest } = shown;
  return rest;
};

/** No operation has it. Asked for in place of one that the caller may not see, it takes as long to find nothing. */
const NO_OPERATION = 'op_';

/** The operation whose records are looked for when a caller asks for those of `id`. */
export const operationFor = async (pipeline: Sees, caller: Looks, id: string): Promise<string> =>
  caller.scopes.has('admin') || (await maySee(pipeline, caller, id)) ? id : NO_OPERATION;
