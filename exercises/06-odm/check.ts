// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/connecting.ts';
export * from './checks/create.ts';
export * from './checks/rules.ts';
export * from './checks/read.ts';
export * from './checks/update.ts';
export * from './checks/authors.ts';
