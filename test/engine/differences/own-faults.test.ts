import { differences } from './differences.ts';

const loose = { locale: 'en', strength: 1 };

differences('collations', 'MongoDB 8.2 forgets the collation of an $expr that it makes a query of', [
  {
    what: 'whether a field is in a constant list', given: (db) => db.collection('c').insertOne({ x: 'apple' }),
    ask: async (db) => ({ found: await db.collection('c').countDocuments({ $expr: { $in: ['$x', ['Apple', 'Banana']] } }, { collation: loose }) }),
    embedded: { answer: { found: 1 } }, mongodb: { answer: { found: 0 } },
  },
]);
