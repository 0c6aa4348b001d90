import { accepts, asksFor } from './accept.ts';

const json = 'application/json';
const events = 'text/event-stream';

it.each<[string | undefined, boolean, boolean]>([
  [undefined, true, true],
  ['', true, true],
  ['*/*', true, true],
  ['*', true, true],
  ['application/json, text/event-stream', true, true],
  ['Application/JSON, Text/Event-Stream', true, true],
  ['application/json;charset=utf-8,text/event-stream;q=0.5', true, true],
  ['application/*, text/*;q=0.1', true, true],
  ['application/json', true, false],
  ['text/event-stream', false, true],
  ['application/json;q=0, */*', false, true],
  ['*/*;q=0, application/json', true, false],
  ['application/json; q=0.0', false, false],
  ['text/html', false, false],
  ['application/jsonx, text/event-streams', false, false],
  ['application/json-seq', false, false],
])('Accept %j takes JSON: %s, and a stream: %s', (header, takesJson, takesEvents) => {
  expect([accepts(header, json), accepts(header, events)]).toEqual([takesJson, takesEvents]);
});

it.each<[string | undefined, boolean]>([
  ['text/html,application/xhtml+xml,*/*;q=0.8', true],
  ['Text/HTML;Level=1', true],
  ['*/*', false],
  ['text/html;q=0, */*', false],
  ['application/text/html', false],
  [undefined, false],
])('Accept %j asks for a page: %s', (header, expected) => {
  expect(asksFor(header, 'text/html')).toBe(expected);
});
