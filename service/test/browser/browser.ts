/** A headless Chromium for tests. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Whether there is a browser to test with. In CI there must be one; elsewhere the tests that need it say what to install.
 * @throws Error in CI without one
 */
export const hasBrowser = (): boolean => {
  if (existsSync(executablePath)) return true;
  const advice = `No browser at ${executablePath}. Install it (apt-get install chromium) or set CHROMIUM to its path.`;
  if (process.env.CI === 'true') throw new Error(advice);
  process.stderr.write(`SKIPPED browser tests. ${advice}\n`);
  return false;
};

/** Close it when done. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
