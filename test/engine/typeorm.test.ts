import { DataSource, EntitySchema } from 'typeorm';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

interface Task {
  _id: unknown;
  title: string;
  priority: number;
  done: boolean;
  tags?: string[];
}

const tasks = new EntitySchema<Task>({
  name: 'task',
  columns: {
    _id: { type: 'string', objectId: true, primary: true, generated: true },
    title: { type: String, unique: true }, priority: { type: Number }, done: { type: Boolean }, tags: { type: 'simple-array', nullable: true, array: true },
  },
});

onEngines('TypeORM', (engine) => {
  test('a task list: entities are saved, found, changed, counted and removed', async () => {
    const source = await new DataSource({ type: 'mongodb', url: `${engine.uri}${engine.freshDb().databaseName}`, entities: [tasks], synchronize: true }).initialize();
    const repository = source.getMongoRepository(tasks);
    await repository.save([{ title: 'write', priority: 2, done: false, tags: ['a'] }, { title: 'read', priority: 1, done: true }, { title: 'rest', priority: 3, done: false }]);
    await expect(repository.insert({ title: 'read', priority: 9, done: false })).rejects.toMatchObject({ code: 11000 });
    expect((await repository.find({ where: { done: false }, order: { priority: 'DESC' } })).map(({ title }) => title)).toEqual(['rest', 'write']);
    expect((await repository.find({ where: { priority: { $gte: 2 } } as never, order: { priority: 'ASC' }, take: 1 })).map(({ title }) => title)).toEqual(['write']);
    const one = await repository.findOneByOrFail({ title: 'write' });
    one.done = true;
    await repository.save(one);
    expect(await repository.countBy({ done: true })).toBe(2);
    expect(await repository.updateMany({ done: true }, { $set: { priority: 0 } })).toMatchObject({ modifiedCount: 2 });
    expect((await repository.aggregate([{ $group: { _id: '$done', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]).toArray()) as unknown).toEqual([{ _id: false, n: 1 }, { _id: true, n: 2 }]);
    await repository.remove(one);
    expect(await repository.count()).toBe(2);
    await source.destroy();
  });
});
