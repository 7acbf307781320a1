import type { Doc } from './bson/value.ts';

/** MongoDB's named error codes: https://www.mongodb.com/docs/manual/reference/error-codes/ */
export const errorCodes = {
  InternalError: 1, BadValue: 2, HostUnreachable: 6, HostNotFound: 7, UnknownError: 8, FailedToParse: 9,
  UserNotFound: 11, UnsupportedFormat: 12, Unauthorized: 13, TypeMismatch: 14, Overflow: 15, InvalidLength: 16,
  ProtocolError: 17, AuthenticationFailed: 18, IllegalOperation: 20, InvalidBSON: 22, AlreadyInitialized: 23,
  NamespaceNotFound: 26, IndexNotFound: 27, PathNotViable: 28, CannotBackfillArray: 31, RoleNotFound: 31,
  CursorNotFound: 43, NoMatchingDocument: 47, NamespaceExists: 48, MaxTimeMSExpired: 50, DollarPrefixedFieldName: 52, InvalidIdField: 53,
  NotSingleValueField: 54, InvalidDBRef: 55, EmptyFieldName: 56, DottedFieldName: 57, CommandNotFound: 59,
  ShardKeyNotFound: 61, ImmutableField: 66, CannotCreateIndex: 67, IndexAlreadyExists: 68, AuthSchemaIncompatible: 69,
  InvalidOptions: 72, InvalidNamespace: 73, NoReplicationEnabled: 76, UnknownReplWriteConcern: 79,
  IndexOptionsConflict: 85, IndexKeySpecsConflict: 86, OperationFailed: 96, CommandNotSupported: 115,
  NetworkTimeout: 89, WriteConflict: 112, DocumentValidationFailure: 121, InvalidRoleModification: 129,
  NotAReplicaSet: 123, IncompatibleCollationVersion: 161, CommandFailed: 125, IncompatibleServerVersion: 188, CommandNotSupportedOnView: 166,
  OptionNotSupportedOnView: 167, InvalidPipelineOperator: 168, ViewDepthLimitExceeded: 165, ViewPipelineMaxSizeExceeded: 195,
  InvalidIndexSpecificationOption: 197, NoSuchTransaction: 251, TransactionTooOld: 225, TransactionTooLarge: 257,
  TransactionCommitted: 256, OperationNotSupportedInTransaction: 263, NoSuchSession: 206, TooManyLogicalSessions: 261,
  InvalidUUID: 207, IncompleteTransactionHistory: 217, CannotInsertDocument: 178, QueryPlanKilled: 175,
  ConflictingOperationInProgress: 117, NonConformantBSON: 247, ReplicaSetNotFound: 94, ConversionFailure: 241,
  InvalidResumeToken: 260, ChangeStreamFatalError: 280, ChangeStreamHistoryLost: 286, ExceededTimeLimit: 262,
  FailPointSetFailed: 212, MechanismUnavailable: 334, APIVersionError: 322, APIStrictError: 323, APIMismatchError: 331, CollectionUUIDMismatch: 361, CannotConvertIndexToUnique: 359, GraphContainsCycle: 5, InvalidSeedList: 14676,
  InterruptedAtShutdown: 11600, Interrupted: 11601, InterruptedDueToReplStateChange: 11602, OutOfDiskSpace: 14031,
  BSONObjectTooLarge: 10334, DuplicateKey: 11000, NotWritablePrimary: 10107, NotPrimaryNoSecondaryOk: 13435,
  CappedPositionLost: 136, BackgroundOperationInProgressForNamespace: 12587, MergeStageNoMatchingDocument: 13113,
  KeyTooLong: 17280, InvalidRegex: 51091, ExceededMemoryLimit: 146, QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  CannotReuseObject: 204, UnsupportedOpQueryCommand: 352, CursorKilled: 237, NotImplemented: 238, StaleEpoch: 150, LockTimeout: 24,
  LimitExceeded: 290, QueryFeatureNotAllowed: 224, NoQueryExecutionPlans: 291, ClientDisconnect: 279, AmbiguousIndexKeyPattern: 181, InvalidViewDefinition: 182, NotExactValueField: 300,
} as const;

export type ErrorCodeName = keyof typeof errorCodes;

/** An error in MongoDB's own terms; the dispatch turns it into a reply. Commands and stages throw it. */
export class MongoError extends Error {
  override readonly name = 'MongoError';
  readonly code: number;
  readonly codeName: string;
  /** Further fields of the reply or the write error: `keyPattern`, `keyValue`, `errInfo`. */
  readonly extra: Doc | undefined;

  /** @param code a name of the table, or the number of a `Location` error */
  constructor(code: ErrorCodeName | number, message: string, extra?: Doc) {
    super(message);
    this.code = typeof code === 'number' ? code : errorCodes[code];
    this.codeName = typeof code === 'string' ? code : `Location${code}`;
    this.extra = extra;
  }
}
