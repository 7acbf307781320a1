import { expect, test } from 'vitest';
import { kebabCase } from '../../../src/grading/checks.ts';

test.each([
  ['storesGivenFields', 'stores-given-fields'],
  ['answers503WithoutAClient', 'answers-503-without-a-client'],
  ['keepsItsURI', 'keeps-its-uri'],
  ['loads', 'loads'],
])('the check exported as %s is %s', (name, id) => {
  expect(kebabCase(name)).toBe(id);
});
