import { dayOfYear, isoWeekOf, offsetText, partsOf, two, weekdayOf, type Zone } from './calendar.ts';
import { MongoError } from './errors.ts';

export const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const letters = 'bBdGHjLmMSuUVwYzZ%';

/** @throws MongoError where a format holds what formats do not know */
export function checkFormat(format: string, known = letters): void {
  for (let at = format.indexOf('%'); at !== -1; at = format.indexOf('%', at + 2)) {
    const letter = format[at + 1];
    if (letter === undefined) throw new MongoError(18535, 'Unmatched \'%\' at end of format string');
    if (!known.includes(letter)) throw new MongoError(18536, `Invalid format character '%${letter}' in format string`);
  }
}

/** A date as a format has it. https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/ */
export function formatDate(format: string, ms: bigint, zone: Zone): string {
  const parts = partsOf(ms, zone);
  const year = (value: number): string => {
    if (value < 0 || value > 9999) throw new MongoError(18537, `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`);
    return String(value).padStart(4, '0');
  };
  const three = (value: number): string => String(value).padStart(3, '0');
  const month = monthNames[parts.month - 1] as string;
  const write = (letter: string): string => {
    switch (letter) {
      case 'Y': return year(parts.year);
      case 'm': return two(parts.month);
      case 'b': return month.slice(0, 3);
      case 'B': return month;
      case 'd': return two(parts.day);
      case 'H': return two(parts.hour);
      case 'M': return two(parts.minute);
      case 'S': return two(parts.second);
      case 'L': return three(parts.millisecond);
      case 'j': return three(dayOfYear(parts));
      case 'w': return String(weekdayOf(parts.days) + 1);
      case 'u': return String(weekdayOf(parts.days) || 7);
      case 'U': return two(Math.floor((dayOfYear(parts) + 6 - weekdayOf(parts.days)) / 7));
      case 'G': return year(isoWeekOf(parts.days).year);
      case 'V': return two(isoWeekOf(parts.days).week);
      case 'z': return offsetText(zone.offset(ms));
      case 'Z': return String(Math.trunc(zone.offset(ms) / 60_000) || 0);
      default: return letter;
    }
  };
  return format.replace(/%(.)/gs, (_, letter: string) => write(letter));
}
