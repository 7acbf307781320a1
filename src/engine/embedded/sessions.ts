import type { Reply } from './command.ts';
import type { Transaction } from './replication/transaction.ts';

/** Minutes that a session lives without use, which `hello` announces. */
export const sessionMinutes = 30;

/** What a session's last transaction number was used for. */
export type Numbered =
  | { kind: 'none' }
  /** Retryable writes: the reply to each, by its first statement. Of one that is under way it is still to come. */
  | { kind: 'writes'; number: bigint; replies: Map<string, Reply | Promise<Reply | undefined>> }
  | { kind: 'transaction'; number: bigint; state: 'open'; transaction: Transaction }
  | { kind: 'transaction'; number: bigint; state: 'committed' | 'aborted' };

/** One logical session. */
export class Session {
  lastUse = performance.now();
  last: Numbered = { kind: 'none' };

  /** Ends the transaction that is open, without its writes. */
  abort(): void {
    if (this.last.kind !== 'transaction' || this.last.state !== 'open') return;
    this.last.transaction.abort();
    this.last = { kind: 'transaction', number: this.last.number, state: 'aborted' };
  }
}

/** How often sessions are looked through: not with each command, as there may be many. */
const lookEveryMs = 100;

/** The logical sessions in use: https://www.mongodb.com/docs/manual/reference/server-sessions/ */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  #looked = 0;

  /** Notes that a command came in this session; it begins with its first. */
  touch(id: string, now = performance.now()): Session {
    let session = this.#sessions.get(id);
    if (!session) this.#sessions.set(id, (session = new Session()));
    session.lastUse = now;
    return session;
  }

  has(id: string): boolean {
    const session = this.#sessions.get(id);
    return session !== undefined && performance.now() - session.lastUse < sessionMinutes * 60_000;
  }

  end(id: string): void {
    this.#sessions.get(id)?.abort();
    this.#sessions.delete(id);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** All that are known. */
  all(): string[] {
    return [...this.#sessions.keys()];
  }

  /** Forgets the sessions that nobody has used for long, and aborts the transactions that have been open for too long. */
  expire(now = performance.now()): void {
    if (now - this.#looked < lookEveryMs) return;
    this.#looked = now;
    for (const [id, session] of this.#sessions) {
      if (now - session.lastUse >= sessionMinutes * 60_000) this.end(id);
      else if (session.last.kind === 'transaction' && session.last.state === 'open' && session.last.transaction.expired) session.abort();
    }
  }
}
