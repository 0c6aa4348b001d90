/** Times in the zone that the operator chose for the pages, beside UTC, which logs and tools use. */

/** What `time` writes; text from outside cannot contain it, because its markup is escaped. */
const times = /(<time datetime="([^"]+)">[^<]*)(<\/time>)/g;

/** `22:51 CET`, with the day where it is another one than in UTC. */
const localOf = (at: Date, timeZone: string): string => {
  const day = (zone: string) => at.toLocaleDateString('en-GB', { timeZone: zone, day: 'numeric', month: 'short' });
  const clock = at.toLocaleTimeString('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return day(timeZone) === day('UTC') ? clock : `${day(timeZone)}, ${clock}`;
};

/** A page with the local time behind each time. */
export const inZone = (page: string, timeZone: string | undefined): string =>
  timeZone === undefined || timeZone === 'UTC'
    ? page
    : page.replace(times, (_all, open: string, iso: string, close: string) => {
        const at = new Date(iso);
        return `${open} (${localOf(at, timeZone)})${close}`;
      });
