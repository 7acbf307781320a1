/**
 * What a submission's process is started with. It loads what Node.js brings, with the compiled code that comes with that,
 * and then the call stub.
 */
// First of all: whatever else is imported comes later, and is taken as it was compiled.
import './default-flags.ts';
import { loadPartsOfNode } from './node-parts.ts';
import { optimiseLittle } from './v8-flags.ts';

loadPartsOfNode('zlib', 'vm', 'timers/promises');
// It loads when it is looked at.
void globalThis.crypto;
// This file is not the program: that is the submission's entry, an ES module.
Reflect.deleteProperty(process, 'mainModule');
// What loads ES modules is itself loaded with the first one.
void import('node:process').then(() => {
  optimiseLittle();
  return import('./main.ts');
});
