/** Templates of Terraform: the parts of a text that are written, and the expressions between them. */

export type Part = { readonly written: string } | { readonly expression: string };

/** Index after the brace that closes the one before `from`. */
const closing = (text: string, from: number): number => {
  let open = 1;
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '{') open += 1;
    else if (text[index] === '}') open -= 1;
    if (open === 0) return index;
  }
  return text.length;
};

/** `$${` and `%%{` are what Terraform writes as `${` and `%{`. */
const unescaped = (text: string): string => text.replaceAll('$${', '${').replaceAll('%%{', '%{');

export const partsOf = (text: string): readonly Part[] => {
  const parts: Part[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/(?<!\$)\$\{/g)) {
    // A template inside the expression before belongs to it.
    if (index < from) continue;
    const end = closing(text, index + 2);
    if (index > from) parts.push({ written: unescaped(text.slice(from, index)) });
    parts.push({ expression: text.slice(index + 2, end) });
    from = end + 1;
  }
  if (from < text.length) parts.push({ written: unescaped(text.slice(from)) });
  return parts;
};
