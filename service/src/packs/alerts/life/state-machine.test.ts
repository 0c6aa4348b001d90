import fc from 'fast-check';
import { AlertModel, type ModelStep } from '../../../../test/rigs/alert-model.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { CountersignError } from '../../../errors.ts';
import type { Alert } from '../model/alert.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { acknowledge, lapsed, resolve } from './acts.ts';
import { decidePost, type Outcome } from './decide.ts';

const MINUTE = 60_000;
const begun = Date.parse('2026-05-01T10:00:00.000Z');
const iso = (minutes: number): string => new Date(begun + minutes * MINUTE).toISOString();

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('post' as const),
        ends: fc.boolean(),
        ago: fc.constantFrom(0, 0, 0, 5, 10, 30, 60),
        severity: fc.constantFrom(0, 2, 4, 5),
        says: fc.constantFrom('down', 'down', 'still down'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(0, 5, 10, 45, 46, 90) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('acknowledge' as const), minutes: fc.constantFrom(5, 20, 60) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const) }) },
  ),
  { maxLength: 30 },
);

type Posted = Extract<ModelStep, { do: 'post' }>;

const postOf = ({ ago, severity, says, ends }: Posted, time: number): IncomingAlert =>
  incomingAlert(iso(time - ago), {
    severity: severity as IncomingAlert['severity'],
    description: says,
    ...(ends && { status: 'resolved' }),
    ...((ends || severity === 0) && { ends_at: iso(time - ago) }),
    received_at: iso(time),
  });

/** The pack's own functions, step by step. What comes of a step has the words of the model. */
class Real {
  alert: Alert | undefined;
  #generation = 0;

  look(time: number): void {
    this.alert &&= lapsed(this.alert, new Date(begun + time * MINUTE));
  }

  post(step: Posted, time: number): Outcome {
    const ids = { alertId: `a-${this.#generation + 1}`, eventId: 'e' };
    const { outcome, alert, event } = decidePost(this.alert, postOf(step, time), ids);
    if (outcome === 'created') this.#generation += 1;
    expect(event === undefined).toBe(outcome === 'ignored');
    this.alert = alert ?? this.alert;
    return outcome;
  }

  acknowledge(minutes: number, time: number): boolean | 'conflict' {
    const expiresAt = iso(time + minutes);
    return this.#act((alert) => acknowledge(alert, { by: 'ana', at: iso(time) }, { expiresAt, comment: undefined }));
  }

  resolve(time: number): boolean | 'conflict' {
    return this.#act((alert) => resolve(alert, { by: 'ana', at: iso(time) }, 'Done'));
  }

  #act(step: (alert: Alert) => Alert | undefined): boolean | 'conflict' {
    if (this.alert === undefined) return false;
    try {
      const later = step(this.alert);
      this.alert = later ?? this.alert;
      return later !== undefined;
    } catch (error) {
      if (error instanceof CountersignError && error.code === 'conflict') return 'conflict';
      throw error;
    }
  }
}

const carryOut = (
  one: Real | AlertModel,
  step: ModelStep,
  time: number,
): Outcome | boolean | 'conflict' | undefined => {
  if (step.do === 'post') return one.post(step, time);
  if (step.do === 'acknowledge') return one.acknowledge(step.minutes, time);
  return step.do === 'resolve' ? one.resolve(time) : undefined;
};

const same = ({ alert }: Real, { alert: model }: AlertModel): void => {
  expect(alert === undefined).toBe(model === undefined);
  if (alert === undefined || model === undefined) return;
  const { number, start, end, says, status, severity, occurrences, duplicates } = model;
  expect(alert).toMatchObject({
    ...{ status, severity, alert_id: `a-${number}`, starts_at: iso(start), description: says },
    ...{ occurrence_count: occurrences, duplicate_count: duplicates },
    resolved_at: status === 'resolved' ? iso(end) : null,
    ...(status === 'firing' && { acknowledged_by: null }),
    ...(status === 'acknowledged' && { acknowledged_by: 'ana' }),
  });
  expect(alert.history.length).toBeLessThanOrEqual(20);
};

it('does with any posts and acts in any order what the model does', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const [real, model] = [new Real(), new AlertModel()];
      let time = 0;
      for (const step of all) {
        if (step.do === 'wait') time += step.minutes;
        real.look(time);
        model.look(time);
        expect(carryOut(real, step, time)).toBe(carryOut(model, step, time));
        same(real, model);
      }
    }),
    { numRuns: 500, seed: 20_260_501 },
  );
});
