/** File names of anchors, in the order of their numbers. */
const NAME = /^(\d{10})\.json$/;

export const fileOf = (number: number): string => `${String(number).padStart(10, '0')}.json`;

export const numberOf = (file: string): number | undefined => {
  const [, digits] = NAME.exec(file) ?? [];
  return digits === undefined ? undefined : Number(digits);
};
