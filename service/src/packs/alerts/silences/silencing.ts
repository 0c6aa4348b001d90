/** What the active silences do at one moment. Nothing of it is kept: an alert is silenced exactly as long as a silence is active. */
import { compileMatchers, type Labelled, type Labels, labelsOf } from '../model/matchers.ts';
import { type Silence, silenceEnd, silenceState } from '../model/silence.ts';

export interface Silencing {
  /** The active silences that match an alert, those that end last first. */
  of(alert: Labelled): readonly Silence[];
  /** Whether a maintenance silence is about the whole site: it matches what has this site and nothing else. */
  inMaintenance(siteCode: string): boolean;
}

const compiled = (silences: readonly Silence[]) =>
  silences.map((silence) => ({ silence, matches: compileMatchers(silence.matchers) }));

/** @param silences all that are kept, whatever their state */
export const silencingAt = (silences: readonly Silence[], now: Date): Silencing => {
  const active = compiled(silences.filter((silence) => silenceState(silence, now) === 'active')).sort((a, b) =>
    silenceEnd(a.silence) < silenceEnd(b.silence) ? 1 : -1,
  );
  const matching = (labels: Labels) => active.filter(({ matches }) => matches(labels)).map(({ silence }) => silence);
  return {
    of: (alert) => (active.length === 0 ? [] : matching(labelsOf(alert))),
    inMaintenance: (siteCode) =>
      matching(new Map([['site_code', siteCode]])).some(({ kind }) => kind === 'maintenance'),
  };
};

/** Which alerts a silence would silence, if it were active. */
export const matchedBy = <A extends Labelled>({ matchers }: Pick<Silence, 'matchers'>, alerts: readonly A[]): A[] => {
  const matches = compileMatchers(matchers);
  return alerts.filter((alert) => matches(labelsOf(alert)));
};

/** Whether a silence names this site, whatever else it wants. */
export const namesSite = ({ matchers }: Pick<Silence, 'matchers'>, siteCode: string): boolean => {
  const ofSites = matchers.filter(({ name }) => name === 'site_code');
  return ofSites.length > 0 && compileMatchers(ofSites)(new Map([['site_code', siteCode]]));
};
