/**
 * The seam between a connection front end and what answers it. `wire/front.ts` owns the listening socket, frames
 * messages and shows each to an Interceptor (the tap); a Backend answers (the embedded dispatch, or a forwarded socket).
 */

/** One framed wire-protocol message, header included. */
export interface WireMessage {
  /** All bytes of the message; the backend may keep them. */
  bytes: Buffer;
  requestId: number;
  responseTo: number;
  opCode: number;
}

export interface ConnectionInfo {
  /** Unique within the front end, counted from 1. */
  id: number;
  remotePort: number;
  /** The port that was connected to, where there is one. */
  localPort?: number;
  /** The grader's own: limits on what a submission may store are not for it. */
  trusted?: boolean;
}

/** What answers the messages of one connection. */
export interface BackendConnection {
  /** Handles one request. Replies, none or several, go through the `reply` given to `connect`. */
  handle(message: WireMessage): void;
  /** The client is gone; release all that belongs to the connection. */
  close(): void;
}

export interface Backend {
  /**
   * @param reply sends one framed message to the client
   * @param end closes the client's connection
   */
  connect(info: ConnectionInfo, reply: (bytes: Buffer) => void, end: () => void): BackendConnection;
}

/** What an interceptor may do with a request. */
export type Fault =
  | { kind: 'drop' } // never answered
  | { kind: 'cut' } // the connection is closed
  | { kind: 'delay'; ms: number }
  | { kind: 'reply'; bytes: Buffer }; // answered in the backend's place

/** Sees every message of a front end; the tap is one. */
export interface Interceptor {
  opened(info: ConnectionInfo): void;
  /** Undefined lets the message through. */
  request(info: ConnectionInfo, message: WireMessage): Fault | undefined;
  /** May return other bytes to send instead (a replica set's `hello` names its own port). */
  reply(info: ConnectionInfo, bytes: Buffer): Buffer;
  /** @param byClient true where the client closed first */
  closed(info: ConnectionInfo, byClient: boolean): void;
}
