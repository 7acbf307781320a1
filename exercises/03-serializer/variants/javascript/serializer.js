// Plain JavaScript, and no library: a rule is a function that gives the value, or throws a sentence.
class Wrong extends Error {}

const text = (most) => (given) => {
  if (typeof given !== 'string') throw new Wrong('Not a valid string.');
  const trimmed = given.trim();
  if (trimmed === '') throw new Wrong('This field may not be blank.');
  if (trimmed.length > most) throw new Wrong(`Ensure this field has no more than ${most} characters.`);
  return trimmed;
};

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const date = (given) => {
  if (given instanceof Date && !Number.isNaN(given.getTime())) return given;
  const parts = typeof given === 'string' ? pattern.exec(given) : null;
  if (!parts) throw new Wrong('Datetime has wrong format.');
  const [year, month, day] = parts.slice(1, 4).map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const result = new Date(given);
  if (month < 1 || month > 12 || day < 1 || day > days || Number.isNaN(result.getTime())) throw new Wrong('There is no such date.');
  return result;
};

const integer = (given) => {
  const number = typeof given === 'string' && /^-?[0-9]+$/.test(given) ? Number(given) : given;
  if (!Number.isSafeInteger(number)) throw new Wrong('A valid integer is required.');
  return number;
};

const rules = new Map([
  ['message', { read: text(255), required: true }],
  ['timestamp', { read: date, nullable: true }],
  ['source', { read: text(50) }],
  ['value', { read: integer, nullable: true }],
  ['status', { read: text(50), nullable: true }],
  ['updated_at', { read: date, nullable: true }],
]);

export function deserialize(input, options) {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { ok: false, errors: { non_field_errors: ['Invalid data. Expected a dictionary.'] } };
  const value = {};
  const errors = {};
  for (const [field, { read, required, nullable }] of rules) {
    if (!Object.hasOwn(input, field)) {
      if (required && !options?.partial) errors[field] = ['This field is required.'];
    } else if (input[field] === null && nullable) {
      value[field] = null;
    } else {
      try {
        value[field] = read(input[field]);
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        errors[field] = [error.message];
      }
    }
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, value };
}

export function serialize(doc) {
  const result = { _id: String(doc._id) };
  for (const field of rules.keys()) {
    if (!(field in doc)) continue;
    const value = doc[field];
    result[field] = value instanceof Date ? value.toISOString() : value;
  }
  return result;
}

export const serializeMany = (docs) => docs.map(serialize);
