// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/connecting.ts';
export * from './checks/reconnecting.ts';
export * from './checks/stores.ts';
export * from './checks/notes.ts';
export * from './checks/posts.ts';
export * from './checks/table.ts';
export * from './checks/titles.ts';
export * from './checks/validator.ts';
