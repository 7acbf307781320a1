// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/list.ts';
export * from './checks/create.ts';
export * from './checks/detail.ts';
export * from './checks/errors.ts';
export * from './checks/database.ts';
