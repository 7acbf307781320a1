import { Doc } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** What a WiredTiger table can be configured with. https://source.wiredtiger.com/develop/struct_w_t___s_e_s_s_i_o_n.html */
const tableOptions = new Set([
  'access_pattern_hint', 'allocation_size', 'app_metadata', 'assert', 'block_allocation', 'block_compressor', 'cache_resident', 'checksum', 'colgroups', 'collator',
  'columns', 'dictionary', 'encryption', 'exclusive', 'extractor', 'format', 'huffman_key', 'huffman_value', 'ignore_in_memory_cache_size', 'immutable', 'import',
  'internal_item_max', 'internal_key_max', 'internal_key_truncate', 'internal_page_max', 'key_format', 'key_gap', 'leaf_item_max', 'leaf_key_max', 'leaf_page_max',
  'leaf_value_max', 'log', 'lsm', 'memory_page_image_max', 'memory_page_max', 'os_cache_dirty_max', 'os_cache_max', 'prefix_compression', 'prefix_compression_min',
  'readonly', 'split_deepen_min_child', 'split_deepen_per_child', 'split_pct', 'tiered_storage', 'type', 'value_format', 'verbose', 'write_timestamp_usage',
]);

/**
 * Checks options of a storage engine as MongoDB does; here they change nothing but what is shown, as memory has no blocks.
 * @throws MongoError where they are wrong
 */
export function checkStorageEngine(engines: Doc | undefined): void {
  for (const [engine, options] of engines ?? []) {
    if (!(options instanceof Doc)) throw new MongoError('BadValue', `'storageEngine.${engine}' has to be an embedded document.`);
    if (engine !== 'wiredTiger') throw new MongoError('InvalidOptions', `${engine} is not a registered storage engine for this server`);
    for (const [option, value] of options) {
      if (option !== 'configString') throw new MongoError('InvalidOptions', `'${option}' is not a supported option in storageEngine.wiredTiger`);
      if (typeof value !== 'string') throw new MongoError('TypeMismatch', "'configString' has to be a string.");
      if (value.includes('\0')) throw new MongoError('FailedToParse', "The 'configString' has a null byte in it");
      for (const name of topLevel(value)) if (!tableOptions.has(name)) throw new MongoError('BadValue', `unknown configuration key: ${name}`);
    }
  }
}

/** The names of the options, without those in brackets. */
function topLevel(config: string): string[] {
  let flat = config;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)|\[[^[\]]*\]|"[^"]*"/g, '');
  }
  return flat.split(',').map((part) => (part.split('=')[0] as string).trim()).filter((name) => name !== '');
}
