import { arch, availableParallelism, cpus, hostname, platform, release, totalmem, version } from 'node:os';
import { anything } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, UtcDate } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/hostInfo/ */
export const command: CommandDefinition = {
  fields: { hostInfo: anything },
  run: () => Doc.of({
    system: Doc.of({
      currentTime: new UtcDate(BigInt(Date.now())), hostname: hostname(), cpuAddrSize: int32(64),
      memSizeMB: megabytes(totalmem()), memLimitMB: megabytes(memoryLimit()), numCores: int32(cpus().length), numCoresAvailableToProcess: int32(availableParallelism()), cpuArch: arch(), numaEnabled: false,
    }),
    os: Doc.of({ type: platform(), name: platform(), version: release() }),
    extra: Doc.of({ versionString: version(), kernelVersion: release(), cpuString: cpus()[0]?.model ?? '' }),
  }),
};

const megabytes = (bytes: number): bigint => BigInt(Math.floor(bytes / 1024 / 1024));

/** What the process may take, where that is less than there is. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
