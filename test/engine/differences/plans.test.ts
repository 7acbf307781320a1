import type { Db, Document } from 'mongodb';
import { differences } from './differences.ts';

async function twoIndexes(db: Db): Promise<void> {
  await db.collection('c').insertMany([{ a: 1, b: 1 }, { a: 2, b: 2 }]);
  await db.collection('c').createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
}

const stagesOf = (stage: Document): string[] => [stage.stage as string, ...(stage.inputStage ? stagesOf(stage.inputStage as Document) : [])];

differences('plans', 'documents are in memory, so that reading them costs nothing and no plan is worth keeping', [
  {
    what: 'a query that an index could answer reads its documents', given: twoIndexes,
    async ask(db) {
      const { executionStats } = await db.collection('c').find({ a: 1 }, { projection: { a: 1, _id: 0 } }).explain('executionStats');
      return { examined: executionStats.totalDocsExamined as number };
    },
    embedded: { answer: { examined: 1 } }, mongodb: { answer: { examined: 0 } },
  },
  {
    what: 'no plan is kept', given: twoIndexes,
    async ask(db) {
      for (let again = 0; again < 3; again++) await db.collection('c').find({ a: 1, b: 1 }).toArray();
      return { kept: (await db.collection('c').aggregate([{ $planCacheStats: {} }]).toArray()).length };
    },
    embedded: { answer: { kept: 0 } }, mongodb: { answer: { kept: 1 } },
  },
  {
    what: 'one plan is made, without others to compare it to', given: twoIndexes,
    async ask(db) {
      const { queryPlanner } = await db.collection('c').find({ a: 1, b: 1 }).explain('queryPlanner');
      return { rejected: (queryPlanner.rejectedPlans as Document[]).length > 0, stages: stagesOf(queryPlanner.winningPlan as Document) };
    },
    embedded: { answer: { rejected: false, stages: ['FETCH', 'IXSCAN'] } }, mongodb: { answer: { rejected: true, stages: ['FETCH', 'IXSCAN'] } },
  },
]);
