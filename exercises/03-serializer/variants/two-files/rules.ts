import { z } from 'zod';

export const text = (most: number) => z.string().transform((given) => given.trim()).pipe(z.string().min(1).max(most));
const datetime = z.iso.datetime({ offset: true });
export const instant = z.preprocess((given) => (typeof given === 'string' && datetime.safeParse(given).success ? new Date(given) : given), z.date());
export const integer = z.preprocess((given) => (typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given), z.number().int());
