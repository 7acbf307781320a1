'use strict';
const path = require('node:path');
const { fields } = require('./daily_task.json');

const fits = {
  string: (value, { minLength = 0, maxLength = Infinity }) => typeof value === 'string' && value.length >= minLength && value.length <= maxLength,
  integer: (value, { min = -Infinity, max = Infinity }) => Number.isInteger(value) && value >= min && value <= max,
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/** The names of what is wrong with a body. */
exports.faults = (body, partial) =>
  Object.entries(fields).filter(([name, rule]) => (body[name] === undefined ? rule.required && !partial : !fits[rule.type](body[name], rule))).map(([name]) => name);

exports.cleaned = (body) => Object.fromEntries(Object.entries(fields).filter(([name]) => body[name] !== undefined).map(([name, { type }]) => [name, type === 'date' ? new Date(body[name]) : body[name]]));

exports.folder = path.basename(__dirname);
