import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { anything } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, UtcDate } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/hostInfo/ */
export const command: CommandDefinition = {
  adminOnly: true, fields: { hostInfo: anything },
  run: () => Doc.of({
    system: Doc.of({
      currentTime: new UtcDate(BigInt(Date.now())), hostname: hostname(), cpuAddrSize: int32(64),
      memSizeMB: BigInt(Math.floor(totalmem() / 1024 / 1024)), numCores: int32(cpus().length), cpuArch: arch(), numaEnabled: false,
    }),
    os: Doc.of({ type: platform(), name: platform(), version: release() }),
    extra: new Doc(),
  }),
};
