import { keep } from './kept.ts';

describe('an object that is kept', () => {
  it('is again as it was: what was added, changed and removed', () => {
    const hidden = Symbol('hidden');
    const object: Record<PropertyKey, unknown> = { stays: 1, changes: 2, goes: 3 };
    const kept = keep(object);
    object.changes = 'changed';
    object.added = 4;
    object[hidden] = 5;
    delete object.goes;
    kept.restore();
    expect(object).toEqual({ stays: 1, changes: 2, goes: 3 });
    expect(Reflect.ownKeys(object)).not.toContain(hidden);
  });

  it('has its getters again, without asking them', () => {
    let asked = 0;
    const object = Object.defineProperty({ value: 0 }, 'value', {
      configurable: true,
      get: () => {
        asked += 1;
        return asked;
      },
    });
    const kept = keep(object);
    Object.defineProperty(object, 'value', { configurable: true, value: 'resolved' });
    kept.restore();
    expect(asked).toBe(0);
    expect(object.value).toBe(1);
  });

  it('keeps from then on what was added on purpose, and nothing that was there before without', () => {
    const object: Record<string, unknown> = {};
    const kept = keep(object);
    object.before = 1;
    const answer = kept.adding(() => {
      object.package = 2;
      return 'loaded';
    });
    object.after = 3;
    kept.restore();
    expect([answer, object]).toEqual(['loaded', { package: 2 }]);
    delete object.package;
    kept.restore();
    expect(object).toEqual({ package: 2 });
  });
});
