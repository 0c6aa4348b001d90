import { createInFlight } from './in-flight.ts';

const ana = { grantId: 'of ana' };
const begun = (requests = createInFlight(), caller = ana, id: string | number = 1) => {
  const stop = new AbortController();
  return { requests, stop, end: requests.begin(caller, id, stop) };
};

describe('a request under way', () => {
  it('is stopped by the id its own caller gave it', () => {
    const { requests, stop } = begun();
    for (const [caller, id] of [
      [{ grantId: 'of ben' }, 1],
      [ana, 2],
      [ana, '1'],
    ] as const)
      requests.cancel(caller, id);
    expect(stop.signal.aborted).toBe(false);
    requests.cancel(ana, 1);
    expect(stop.signal.aborted).toBe(true);
  });

  it('is left alone while it could be another of the same id, and not any longer', () => {
    const first = begun();
    const second = begun(first.requests);
    first.requests.cancel(ana, 1);
    expect([first.stop.signal.aborted, second.stop.signal.aborted]).toEqual([false, false]);
    second.end();
    first.requests.cancel(ana, 1);
    expect([first.stop.signal.aborted, second.stop.signal.aborted]).toEqual([true, false]);
  });

  it('is forgotten when it is over', () => {
    const { requests, stop, end } = begun();
    end();
    requests.cancel(ana, 1);
    expect(stop.signal.aborted).toBe(false);
  });
});
