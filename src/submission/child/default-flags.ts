import { flagsByDefault } from './v8-flags.ts';

flagsByDefault();
