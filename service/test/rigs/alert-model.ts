/** What becomes of an alert, as small as it can be said: written from the table of outcomes, it shares no line with the pack. */
import type { Outcome } from '../../src/packs/alerts/life/decide.ts';

/** Times in minutes. A post tells of something that was `ago`. */
export type ModelStep =
  | {
      readonly do: 'post';
      readonly ends: boolean;
      readonly ago: number;
      readonly severity: number;
      readonly says: string;
    }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'acknowledge'; readonly minutes: number }
  | { readonly do: 'resolve' };

/** Times in minutes. */
interface ModelAlert {
  number: number;
  status: 'firing' | 'acknowledged' | 'resolved';
  severity: number;
  says: string;
  start: number;
  end: number;
  until: number;
  occurrences: number;
  duplicates: number;
}

export class AlertModel {
  alert: ModelAlert | undefined;

  look(time: number): void {
    if (this.alert?.status === 'acknowledged' && this.alert.until <= time) this.alert.status = 'firing';
  }

  post(step: Extract<ModelStep, { do: 'post' }>, time: number): Outcome {
    const { alert } = this;
    const over = step.ends || step.severity === 0;
    const at = time - step.ago;
    const fresh = { status: 'firing' as const, severity: step.severity, says: step.says, start: at, end: 0, until: 0 };
    if (alert === undefined) {
      if (over) return 'ignored';
      this.alert = { ...fresh, number: 1, occurrences: 1, duplicates: 0 };
      return 'created';
    }
    if (alert.status === 'resolved') {
      if (over || at <= alert.end) return 'ignored';
      if (at - alert.end > 45) {
        this.alert = { ...fresh, number: alert.number + 1, occurrences: 1, duplicates: 0 };
        return 'created';
      }
      this.alert = { ...alert, ...fresh, occurrences: alert.occurrences + 1 };
      return 'reopened';
    }
    if (at < alert.start) return 'ignored';
    if (over) {
      alert.status = 'resolved';
      alert.end = at;
      return 'resolved';
    }
    if (step.severity === alert.severity && step.says === alert.says) {
      alert.duplicates += 1;
      return 'duplicate';
    }
    if (step.severity > alert.severity) alert.status = 'firing';
    alert.severity = step.severity;
    alert.says = step.says;
    return 'updated';
  }

  acknowledge(minutes: number, time: number): boolean | 'conflict' {
    if (this.alert === undefined) return false;
    if (this.alert.status === 'resolved') return 'conflict';
    if (this.alert.status === 'acknowledged') return false;
    this.alert.status = 'acknowledged';
    this.alert.until = time + minutes;
    return true;
  }

  resolve(time: number): boolean {
    if (this.alert === undefined || this.alert.status === 'resolved') return false;
    this.alert.status = 'resolved';
    this.alert.end = Math.max(time, this.alert.start);
    return true;
  }
}
