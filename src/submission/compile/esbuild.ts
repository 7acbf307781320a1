import { createRequire } from 'node:module';
import type Esbuild from 'esbuild';

/** The compiler, loaded when somebody asks for it. Required: an `import` would first look through all of it for the names of its exports. */
export const loadEsbuild = (): typeof Esbuild => createRequire(import.meta.url)('esbuild') as typeof Esbuild;
