/** A rule between settings: what it is about, what would be right, and how to tell that it is broken. */
import type { SettingName } from './index.ts';
import type { SettingProblem } from './problem.ts';
import type { Settings } from './resolve.ts';

/** Answers what is wrong, and says for the reference which setting it is about and what would be right. */
export interface SettingRule extends SettingProblem {
  (settings: Settings): SettingProblem | undefined;
  readonly setting: SettingName;
}

/** @param broken true where the rule does not hold */
export const rule = (setting: SettingName, problem: string, broken: (settings: Settings) => boolean): SettingRule =>
  Object.assign((settings: Settings) => (broken(settings) ? { setting, problem } : undefined), { setting, problem });

/** A rule about the parts of a map. @param broken the name of the part for which the rule does not hold */
export const partRule = (
  setting: SettingName,
  problem: string,
  broken: (settings: Settings) => string | undefined,
): SettingRule =>
  Object.assign(
    (settings: Settings) => {
      const part = broken(settings);
      return part === undefined ? undefined : { setting: `${setting}.${part}`, problem };
    },
    { setting, problem },
  );
