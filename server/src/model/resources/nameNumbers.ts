/** Numbers for names: equal names have equal numbers, so that who compares or looks up names need not look at their texts. */
export class NameNumbers {
  private readonly names: string[] = [];
  private readonly byName = new Map<string, number>();

  /** -1 where nothing has the name. */
  find(name: string): number {
    return this.byName.get(name) ?? -1;
  }

  /** The number of a name, a new one where it has none. */
  give(name: string): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name) - 1;
    this.byName.set(name, number);
    return number;
  }

  /** By index. Lists of endpoints stand in the order of their clusters: then the next name is the one that came next before, and one comparison tells it. */
  giveAll(names: readonly { readonly name: string }[]): Int32Array {
    const numbers = new Int32Array(names.length);
    let last = -1;
    for (let index = 0; index < names.length; index++) {
      const name = names[index]?.name ?? '';
      last = this.names[last + 1] === name ? last + 1 : this.give(name);
      numbers[index] = last;
    }
    return numbers;
  }
}
