/** Runs a function's bundle as Lambda's runtime does: loads it, then answers one event after another. */
const [, , bundle = ''] = process.argv;

try {
  const { handler } = (await import(bundle)) as { handler: (event: unknown) => Promise<unknown> };
  process.on('message', async ({ id, event }: { id: number; event: unknown }) => {
    const answer = await handler(event).catch((error: unknown) => ({ failed: String(error) }));
    process.send?.({ id, answer });
  });
  process.send?.({ ready: process.uptime() });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
