/** What is known of a request besides its caller, put into every audit record that it leads to. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Audit } from './port.ts';
import type { AuditEvent } from './record.ts';

type Notes = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface About {
  readonly notes?: Notes;
  readonly callerRequestId?: string;
}

const current = new AsyncLocalStorage<About>();

/** Does the work; what it audits carries the notes in its summary. */
export const withNotes = <T>(notes: Notes, work: () => T): T => current.run({ ...current.getStore(), notes }, work);

/** Does the work; what it audits carries what the caller called the request. */
export const withCallerRequestId = <T>(callerRequestId: string | undefined, work: () => T): T =>
  callerRequestId === undefined ? work() : current.run({ ...current.getStore(), callerRequestId }, work);

const noted = (event: AuditEvent, notes: Notes): AuditEvent => {
  const { summary } = event;
  if (summary === undefined || summary === null) return { ...event, summary: { ...notes } };
  // The event's own words win; a summary that is no object is kept under a name.
  const own = typeof summary === 'object' && !Array.isArray(summary) ? summary : { value: summary };
  return { ...event, summary: { ...notes, ...own } };
};

const annotate = (event: AuditEvent): AuditEvent => {
  const { notes, callerRequestId } = current.getStore() ?? {};
  const own = callerRequestId === undefined ? event : { ...event, callerRequestId };
  return notes === undefined ? own : noted(own, notes);
};

/** The same log, which adds the notes of the work that writes to it. */
export const annotated = (audit: Audit): Audit => ({
  append: (event) => audit.append(annotate(event)),
  appendWith: (event, together) => audit.appendWith(annotate(event), together),
  query: (filter) => audit.query(filter),
});
