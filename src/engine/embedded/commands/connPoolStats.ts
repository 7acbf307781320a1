import { int32 } from '../bson/decode.ts';
import { Doc, type Value } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

const counts = ['numClientConnections', 'numAScopedConnections', 'totalInUse', 'totalAvailable', 'totalLeased', 'totalCreated', 'totalRefreshing', 'totalRefreshed'];

/** The connections to other members and shards: this server has none. https://www.mongodb.com/docs/manual/reference/command/connPoolStats/ */
export const command: CommandDefinition = {
  run: ({ server }) => new Doc([
    ...counts.map((name): [string, Value] => [name, int32(0)]), ['pools', new Doc()], ['hosts', new Doc()],
    ...(server.replset ? [['replicaSets', new Doc()] as [string, Value]] : []),
  ]),
};
