import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { s3Archive } from './archive/s3.ts';
import { s3Objects } from './objects/s3.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

it('calls of S3 for objects and for the export are spans, without the names of files', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  const server = createServer((_, response) => response.writeHead(412).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = { bucket: 'papers', region: 'us-east-1', endpoint };
  try {
    await s3Archive(at).create('secret-name', new Uint8Array(1));
    await s3Objects(at)
      .remove('packs/notes/secret-name')
      .catch(() => {});
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, kind, attributes }) => [name, kind, attributes['rpc.method']])).toEqual([
      ['aws s3', SpanKind.CLIENT, 'PutObjectCommand'],
      ['aws s3', SpanKind.CLIENT, 'DeleteObjectCommand'],
    ]);
    expect(JSON.stringify(spans.map(({ name, attributes, events }) => [name, attributes, events]))).not.toContain(
      'secret',
    );
  } finally {
    server.close();
    server.closeAllConnections();
    await provider.shutdown();
    trace.disable();
    context.disable();
  }
});
