/**
 * The fetch of client id metadata documents. The library puts its guard against private addresses into the second
 * argument, and only warns when it cannot; then nothing is fetched here.
 */
export const guardedFetch: typeof fetch = async (input, init) => {
  if (!init || !('dispatcher' in init) || !init.dispatcher)
    throw new Error('there is no guard against private addresses; nothing is fetched');
  return fetch(input, init);
};
