/** The whole smoke test of a new variant. */
import { OperatorProblem } from '../../../platform/problem.ts';
import type { Smoke } from '../ports.ts';
import { SmokeFailed } from '../ports.ts';
import type { Run } from '../run.ts';
import { checkChallenge, checkHealth, checkMetadata, type Expected, knockAt, versionOf } from './open.ts';
import { checkSignedIn, type Trial } from './signed-in.ts';
import { send, type Target, TOKEN_VARIABLE } from './target.ts';

export interface SmokeParts {
  /** Read when it is needed, so that the secret is in memory no earlier. */
  readonly target: () => Promise<Target>;
  /** Whether it is this repository's own service; another one is asked for its health alone. */
  readonly own: boolean;
  readonly resource?: string | undefined;
  readonly trial?: Trial | undefined;
  readonly say: (line: string) => void;
}

const proveOther = async (target: Target, variant: string): Promise<readonly string[]> => {
  const { status } = await send(target, variant, target.healthPath);
  if (status !== 200) throw new SmokeFailed(`${target.healthPath} answered ${status}`);
  return ['anything but its health: the container is not this repository’s own'];
};

const proveOwn = async (parts: SmokeParts, target: Target, run: Run): Promise<readonly string[]> => {
  const variant = run.variants.new;
  const image = run.saved[variant]?.image ?? '';
  const expected: Expected = { version: versionOf(image), resource: parts.resource };
  const unproven = [...(await checkHealth(target, variant, expected))];
  await checkMetadata(target, variant, expected);
  await checkChallenge(target, variant);
  // A missing token in this shell says nothing about the version, so it is no reason to roll back.
  if (run.calls && target.token === undefined)
    throw new OperatorProblem(`Signed-in calls need an access token in ${TOKEN_VARIABLE}: set it, then resume.`);
  if (run.calls) return [...unproven, ...(await checkSignedIn(target, variant, parts.trial))];
  return [...unproven, 'initialize, tools/list, a read and a dry run: it was begun with --without-calls'];
};

/** An instance takes calls as soon as it is healthy, so that before its first share there is nothing to look at. */
const provePresent = async (target: Target, { old, new: fresh }: Run['variants']): Promise<readonly string[]> => {
  await proveOther(target, old);
  return [`anything of ${fresh} before its first share: an instance takes calls as soon as it is healthy`];
};

const proveAny = (parts: SmokeParts, target: Target, run: Run): Promise<readonly string[]> => {
  const { variants } = run;
  const early = run.way === 'instance-refresh' && run.share < 100;
  const where = run.way === 'alias' ? 'by its number' : `at ${target.url}`;
  parts.say(early ? `Looking at what is in service ${where}` : `Smoke test of ${variants.new} ${where}`);
  if (early) return provePresent(target, variants);
  return parts.own ? proveOwn(parts, target, run) : proveOther(target, variants.new);
};

export const openSmoke = (parts: SmokeParts): Smoke => ({
  prove: async (run) => {
    const unproven = await proveAny(parts, await parts.target(), run);
    for (const what of unproven) parts.say(`Not proven: ${what}`);
    return unproven;
  },
  knock: async (run, calls) => knockAt(await parts.target(), run.variants.new, calls),
});
