/** `npm run conformance`: every suite against the service, told as they tell it. */
import { stdout } from 'node:process';
import { startSubject } from './subject.ts';
import { suites } from './suites.ts';

const subject = await startSubject();
try {
  for (const suite of suites) {
    stdout.write(`\n--- ${suite.name} ---\n`);
    const { code, output } = await suite.run(subject);
    stdout.write(`${output}\n--- ${suite.name}: ${code === 0 ? 'passed' : `failed with ${code}`} ---\n`);
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  await subject.stop();
}
