import { int32 } from '../bson/decode.ts';
import { Doc, Timestamp, UtcDate } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { heartbeatMs, memberOf, replicaSetOf, setName } from '../replication/replica-set.ts';

const dateOf = ({ t }: Timestamp): UtcDate => new UtcDate(BigInt(t) * 1000n);

/** `rs.status()`: https://www.mongodb.com/docs/manual/reference/command/replSetGetStatus/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, client }) {
    const { oplog } = replicaSetOf(server);
    const opTime = Doc.of({ ts: oplog.time, t: 1n });
    const written = dateOf(oplog.time);
    const elected = new Timestamp(Math.floor(server.startedAt / 1000), 1);
    const synced = { syncSourceHost: '', syncSourceId: int32(-1) };
    return Doc.of({
      set: setName, date: new UtcDate(BigInt(Date.now())), myState: int32(1), term: 1n, ...synced, heartbeatIntervalMillis: heartbeatMs,
      majorityVoteCount: int32(1), writeMajorityCount: int32(1), votingMembersCount: int32(1), writableVotingMembersCount: int32(1),
      optimes: Doc.of({
        lastCommittedOpTime: opTime, lastCommittedWallTime: written, readConcernMajorityOpTime: opTime, appliedOpTime: opTime, durableOpTime: opTime,
        writtenOpTime: opTime, lastAppliedWallTime: written, lastDurableWallTime: written, lastWrittenWallTime: written,
      }),
      members: [Doc.of({
        _id: int32(0), name: memberOf(client), health: 1, state: int32(1), stateStr: 'PRIMARY', uptime: int32(Math.floor((Date.now() - server.startedAt) / 1000)),
        optime: opTime, optimeDate: written, lastAppliedWallTime: written, lastDurableWallTime: written, lastWrittenWallTime: written, ...synced, infoMessage: '',
        electionTime: elected, electionDate: dateOf(elected), configVersion: int32(1), configTerm: int32(1), self: true, lastHeartbeatMessage: '',
      })],
    });
  },
};
