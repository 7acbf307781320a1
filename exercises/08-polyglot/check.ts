// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/callers.ts';
export * from './checks/creating.ts';
export * from './checks/feed.ts';
export * from './checks/logging.ts';
export * from './checks/deleting.ts';
export * from './checks/failures.ts';
export * from './checks/keys.ts';
