/** Spans of time as Alertmanager writes them: `30s`, `5m`, `4h`, `1h30m`, `1d`. */

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const written = /^(?=\d)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds; undefined for what is no span. */
export const parseDuration = (text: string): number | undefined => {
  const parts = written.exec(text);
  if (parts === null) return undefined;
  const [, d, h, m, s] = parts;
  return Object.entries({ d, h, m, s }).reduce(
    (sum, [unit, amount]) => sum + Number(amount ?? 0) * units[unit as keyof typeof units],
    0,
  );
};

export const spanWords = (milliseconds: number): string => {
  let rest = Math.floor(milliseconds / 1000) * 1000;
  const parts = Object.entries(units).flatMap(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? [] : [`${amount}${unit}`];
  });
  return parts.length === 0 ? '0s' : parts.join('');
};
