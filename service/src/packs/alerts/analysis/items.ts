/** What an alarm is about, apart from its site: its element type and its name. Analyses count these. */
import { type ElementType, rankOf } from '../model/element.ts';

export interface AlarmItem {
  /** `element_type|name`. */
  readonly key: string;
  readonly elementType: ElementType;
  /** 1 for what causes most. */
  readonly rank: number;
  readonly name: string;
}

/** Numbers items as they come. */
export class AlarmItems {
  readonly list: AlarmItem[] = [];
  /** By element type, so that no key is put together for an item that is known. */
  readonly #known = new Map<ElementType, Map<string, number>>();

  numberOf(elementType: ElementType, name: string): number {
    let names = this.#known.get(elementType);
    if (names === undefined) {
      names = new Map();
      this.#known.set(elementType, names);
    }
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, this.list.length);
    return this.list.push({ key: `${elementType}|${name}`, elementType, rank: rankOf(elementType), name }) - 1;
  }
}
