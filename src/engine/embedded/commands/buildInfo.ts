import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { serverVersion } from '../server-state.ts';

/** https://www.mongodb.com/docs/manual/reference/command/buildInfo/ */
export const command: CommandDefinition = {
  aliases: ['buildinfo'], fields: {},
  run: () => Doc.of({
    version: serverVersion,
    gitVersion: '0000000000000000000000000000000000000000',
    modules: [],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    versionArray: [...serverVersion.split('.').map((part) => int32(Number(part))), int32(0)],
    openssl: Doc.of({ running: 'disabled', compiled: 'disabled' }),
    buildEnvironment: Doc.of({ distmod: 'mongo-course', distarch: process.arch, target_os: process.platform }),
    bits: int32(64),
    debug: false,
    maxBsonObjectSize: int32(16 * 1024 * 1024),
    storageEngines: ['embedded'],
  }),
};
