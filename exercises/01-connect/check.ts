// The checks, by what they are about. Their order is that of `points` in exercise.yaml.
export * from './checks/connecting.ts';
export * from './checks/outages.ts';
export * from './checks/closing.ts';
export * from './checks/settings.ts';
