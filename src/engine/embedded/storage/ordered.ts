const blockSize = 512;

interface Block {
  keys: string[];
  ids: number[];
}

/** An ordered multimap from keys to record ids, in blocks: inserts move at most one block's entries. */
export class OrderedKeys {
  #blocks: Block[] = [{ keys: [], ids: [] }];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  insert(key: string, id: number): void {
    const at = this.#blockFor(key, id);
    const block = this.#blocks[at] as Block;
    const position = lowerBound(block, key, id);
    block.keys.splice(position, 0, key);
    block.ids.splice(position, 0, id);
    this.#size++;
    if (block.keys.length > blockSize) this.#split(at, position);
  }

  delete(key: string, id: number): boolean {
    const at = this.#blockFor(key, id);
    const block = this.#blocks[at] as Block;
    const position = lowerBound(block, key, id);
    if (block.keys[position] !== key || block.ids[position] !== id) return false;
    block.keys.splice(position, 1);
    block.ids.splice(position, 1);
    this.#size--;
    if (block.keys.length === 0 && this.#blocks.length > 1) this.#blocks.splice(at, 1);
    return true;
  }

  /** The id of some entry with this key, other than `except`; undefined where there is none. */
  find(key: string, except?: number): number | undefined {
    for (const id of this.range(key, `${key}\0`, false)) if (id !== except) return id;
    return undefined;
  }

  /** Ids of the keys from `low` (inclusive) to `high` (exclusive), in key order or reversed. */
  *range(low: string, high: string | undefined, reverse: boolean): Generator<number> {
    const blocks = this.#blocks;
    if (reverse) {
      for (let at = high === undefined ? blocks.length - 1 : this.#blockFor(high, 0); at >= 0; at--) {
        const block = blocks[at] as Block;
        const from = high === undefined ? block.keys.length : lowerBound(block, high, 0);
        for (let index = from - 1; index >= 0; index--) {
          if ((block.keys[index] as string) < low) return;
          yield block.ids[index] as number;
        }
      }
      return;
    }
    for (let at = this.#blockFor(low, 0); at < blocks.length; at++) {
      const block = blocks[at] as Block;
      for (let index = lowerBound(block, low, 0); index < block.keys.length; index++) {
        if (high !== undefined && (block.keys[index] as string) >= high) return;
        yield block.ids[index] as number;
      }
    }
  }

  /** The first block whose last entry is not before (key, id). */
  #blockFor(key: string, id: number): number {
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.#blocks[middle] as Block;
      const last = block.keys.length - 1;
      const lastKey = block.keys[last];
      if (lastKey === undefined || lastKey < key || (lastKey === key && (block.ids[last] as number) < id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Keys mostly arrive in order: then the new block begins almost empty, and the old one stays full. */
  #split(at: number, position: number): void {
    const block = this.#blocks[at] as Block;
    const cut = position >= blockSize ? blockSize - 16 : block.keys.length >> 1;
    this.#blocks.splice(at + 1, 0, { keys: block.keys.splice(cut), ids: block.ids.splice(cut) });
  }
}

function lowerBound(block: Block, key: string, id: number): number {
  let [low, high] = [0, block.keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = block.keys[middle] as string;
    if (other < key || (other === key && (block.ids[middle] as number) < id)) low = middle + 1;
    else high = middle;
  }
  return low;
}
