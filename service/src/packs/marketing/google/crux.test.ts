/** Tries to find the API key in what a call leaves behind, whatever goes wrong: spans, log lines, errors. */
import { inspect } from 'node:util';
import { context as contexts, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { type GoogleRig, openGoogleRig } from '../../../../test/rigs/google.ts';
import { type Answering, openStandIn, type StandIn } from '../../../../test/rigs/stand-in.ts';
import { openLogger } from '../../../telemetry/logger.ts';
import { type Crux, openCrux } from './crux.ts';

/** No rule of the log knows it by its looks. */
const key = 'Zk7/q+w=9v';
const parts = ['Zk7', 'q+w', encodeURIComponent(key)];
const lines: string[] = [];
const log = openLogger({ LOG_LEVEL: 'trace', ENVIRONMENT: 'local' }, { write: (line) => void lines.push(line) });
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let there: StandIn;
let rig: GoogleRig;
let crux: Crux;
beforeAll(async () => {
  provider.register();
  there = await openStandIn((response) => response.end());
  rig = openGoogleRig(there.url, { now: () => new Date(), log });
  crux = openCrux(rig.parts, key);
});
afterAll(async () => {
  await Promise.all([rig.close(), provider.shutdown()]);
  there.close();
  trace.disable();
  contexts.disable();
});

const saying =
  (status: number, around: (said: string) => string): Answering =>
  (response, { target }) => {
    const said = `${target} ${decodeURIComponent(target)} ${key}`;
    response.writeHead(status, { 'content-type': 'application/json' }).end(around(said));
  };
const asGoogle = (said: string) => JSON.stringify({ error: { code: 400, message: `API key ${said} is not valid` } });
const answers: Readonly<Record<string, Answering>> = {
  'refuses and says it back': saying(400, asGoogle),
  'forbids and says it back': saying(403, asGoogle),
  'fails and says it back': saying(500, asGoogle),
  'throttles and says it back': saying(429, asGoogle),
  'answers what is no JSON': saying(200, (said) => said),
  'answers another shape': saying(200, (said) => JSON.stringify({ record: said })),
  'redirects to it': (response, { target }) =>
    void response.writeHead(302, { location: `https://elsewhere.example.com${target}` }).end(),
  'breaks off': (response) => void response.destroy(),
};

it.each(Object.keys(answers))('the API key is found nowhere when Google %s', async (how) => {
  there.answer(answers[how] ?? (() => {}));
  lines.length = 0;
  exporter.reset();
  const error: unknown = await crux
    .current({ origin: 'https://example.com', formFactor: 'ALL' }, rig.context)
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'CountersignError', details: { google_code: expect.any(String) } });
  log.error({ err: error, reason: error }, `it failed: ${String(error)}`);
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expect(there.asked[0]?.target).toContain('key=Zk7');
  expect(JSON.stringify(spans)).toContain('/v1/records:queryRecord');
  const left = inspect({ spans, lines, error }, { depth: 20, showHidden: true, maxStringLength: null });
  for (const part of parts) expect(left).not.toContain(part);
});
