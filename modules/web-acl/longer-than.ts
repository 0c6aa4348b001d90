/**
 * A regular expression for whole numbers above `limit`, which must be positive. The web ACL compares Content-Length by
 * it, for it reads only the first kilobytes of a body.
 */
export const longerThan = (limit: number): string => {
  const digits = [...String(limit)].map(Number);
  // The same digits up to one that is higher, then any.
  const sameLength = digits.flatMap((digit, index) => {
    if (digit === 9) return [];
    const rest = digits.length - index - 1;
    return [`${digits.slice(0, index).join('')}[${digit + 1}-9]${rest > 0 ? `[0-9]{${rest}}` : ''}`];
  });
  const numbers = [...sameLength, `[0-9]{${digits.length + 1},}`];
  return numbers.length === 1 ? `^${numbers[0]}$` : `^(${numbers.join('|')})$`;
};
