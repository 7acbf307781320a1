// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/fields.ts';
export * from './checks/input.ts';
export * from './checks/output.ts';
