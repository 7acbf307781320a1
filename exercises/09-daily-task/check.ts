// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/files.ts';
export * from './checks/limits.ts';
export * from './checks/outage.ts';
export * from './checks/requests.ts';
