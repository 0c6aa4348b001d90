/** A stream of events as the one JSON answer it ends in, for clients that take no stream. */

const messageOf = (event: string): unknown => {
  const data = event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart());
  return data.length === 0 || data.join('') === '' ? undefined : JSON.parse(data.join('\n'));
};

const isAnswer = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && ('result' in message || 'error' in message);

/**
 * Waits for its end. Progress and other notifications are left out: they cannot be told in one answer.
 * @param batch whether the answers are told as a list
 */
export const gathered = async (response: Response, batch: boolean): Promise<Response> => {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
  const answers = (await response.text()).split('\n\n').map(messageOf).filter(isAnswer);
  const [only] = answers;
  return Response.json(batch ? answers : only, { status: response.status });
};
