import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { heartbeatMs, memberOf, replicaSetOf, setName } from '../replication/replica-set.ts';

/** `rs.conf()`: https://www.mongodb.com/docs/manual/reference/command/replSetGetConfig/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, client }) {
    const { electionId: replicaSetId } = replicaSetOf(server);
    return Doc.of({
      config: Doc.of({
        _id: setName, version: int32(1), term: int32(1),
        members: [Doc.of({
          _id: int32(0), host: memberOf(client), arbiterOnly: false, buildIndexes: true, hidden: false, priority: 1, tags: new Doc(), secondaryDelaySecs: 0n, votes: int32(1),
        })],
        protocolVersion: 1n, writeConcernMajorityJournalDefault: true,
        settings: Doc.of({
          chainingAllowed: true, heartbeatIntervalMillis: int32(Number(heartbeatMs)), heartbeatTimeoutSecs: int32(10), electionTimeoutMillis: int32(10_000),
          catchUpTimeoutMillis: int32(-1), catchUpTakeoverDelayMillis: int32(30_000), getLastErrorModes: new Doc(),
          getLastErrorDefaults: Doc.of({ w: int32(1), wtimeout: int32(0) }), replicaSetId,
        }),
      }),
    });
  },
};
