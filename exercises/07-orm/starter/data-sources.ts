import 'reflect-metadata';
import { type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';

// Two DataSources: one of type 'mongodb', one of type 'sqljs'. Each knows the entities that it owns, and no others.

/** Opens both stores. Rejects within five seconds where MongoDB is down; a later call tries again. */
export async function connect(): Promise<void> {
  throw new Error('connect is still to be written');
}

/** Closes both stores. */
export async function disconnect(): Promise<void> {
  throw new Error('disconnect is still to be written');
}

/** The repository in the store that owns the entity. */
export function repositoryFor<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
  throw new Error(`repositoryFor is still to be written: ${String(entity)}`);
}
