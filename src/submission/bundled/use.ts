import type Express from 'express';
import type * as Driver from 'mongodb';
import type * as Mongoose from 'mongoose';
import type * as Typeorm from 'typeorm';

/**
 * Uses a package as submissions do, so that V8 has compiled what they call, and no more. What comes out of it is of no
 * interest; where it fails, the code compiled until then is what there is.
 * @param loaded what the package exports
 * @param uri a database of its own to work in
 */
export async function usePackage(name: string, loaded: unknown, uri: string): Promise<void> {
  await uses[name]?.(loaded as never, uri);
}

const nowhere = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=60';

const uses: Readonly<Record<string, (loaded: never, uri: string) => Promise<void>>> = {
  async mongodb({ MongoClient, ObjectId }: typeof Driver, uri) {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1500 });
    await client.connect();
    const database = client.db();
    await database.command({ ping: 1 });
    const things = database.collection<{ _id?: InstanceType<typeof ObjectId>; name: string; value?: number; at?: Date; tags?: string[] }>('things');
    await things.createIndex({ name: 1 }, { unique: true });
    const { insertedId } = await things.insertOne({ name: 'one', value: 1, at: new Date(), tags: ['a'] });
    await things.insertMany([{ name: 'two', value: 2 }, { name: 'three' }]);
    await things.insertOne({ name: 'one' }).catch(String);
    await things.find({ value: { $gte: 1 } }).sort({ at: -1, _id: -1 }).skip(0).limit(2).project({ name: 1 }).toArray();
    for await (const { name } of things.find({}, { batchSize: 2 })) String(name);
    await things.findOne({ _id: new ObjectId(String(insertedId)) });
    await things.updateOne({ _id: insertedId }, { $set: { value: 3 } });
    await things.updateMany({}, { $inc: { value: 1 } });
    await things.replaceOne({ name: 'two' }, { name: 'two' }, { upsert: true });
    await things.findOneAndUpdate({ name: 'two' }, { $set: { value: 5 } }, { returnDocument: 'after' });
    await things.bulkWrite([{ updateOne: { filter: { name: 'two' }, update: { $set: { value: 4 } } } }]);
    await things.aggregate([{ $match: { value: 4 } }, { $group: { _id: '$name', count: { $sum: 1 } } }]).toArray();
    await Promise.all([things.countDocuments({}), things.estimatedDocumentCount(), things.distinct('name'), database.listCollections().toArray()]);
    await things.findOneAndDelete({ name: 'two' });
    await things.deleteOne({ _id: insertedId });
    await things.deleteMany({});
    await client.close();
    await new MongoClient(nowhere).connect().catch(String);
  },

  async bson({ serialize, deserialize, ObjectId, Long, Binary, Decimal128, Int32, Double, EJSON }: typeof Driver.BSON) {
    const document = {
      text: 'text', number: 1, fraction: 1.5, big: 1n, yes: true, none: null, at: new Date(), id: new ObjectId(), list: [1, 'two', { three: 3 }], inner: { deep: { deeper: 1 } }, pattern: /a/i,
      long: Long.fromNumber(1), bytes: new Binary(Buffer.alloc(16)), decimal: Decimal128.fromString('1.5'), int: new Int32(1), double: new Double(1),
    };
    const read = deserialize(serialize(document), { promoteValues: true });
    EJSON.stringify(read);
    JSON.stringify([read, String(document.id), ObjectId.isValid(String(document.id)), new ObjectId(String(document.id)).equals(document.id)]);
  },

  async express(express: typeof Express) {
    const app = express();
    const router = express.Router();
    router.get('/things/:id', ({ params, query }, response) => void response.json({ ...params, ...query }));
    router.post('/things', ({ body }, response) => void response.status(201).location('/things/1').send(body as object));
    router.delete('/things/:id', (_request, response) => void response.status(204).end());
    router.get('/text', (_request, response) => void response.type('text').send('text'));
    router.get('/bad', async () => Promise.reject(new Error('bad')));
    app.use(express.json());
    app.use('/api', router);
    app.use((error: Error, _request: unknown, response: Express.Response, _next: unknown) => void response.status(500).json({ error: error.message }));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const json = { 'content-type': 'application/json' };
    const requests: [string, RequestInit?][] = [
      ['/api/things/1?a=b'], ['/api/text'], ['/api/bad'], ['/nothing'], ['/api/things/1', { method: 'DELETE' }],
      ['/api/things', { method: 'POST', headers: json, body: '{"a":1}' }], ['/api/things', { method: 'POST', headers: json, body: '{"a":' }],
    ];
    for (const [path, request] of requests) await (await fetch(address + path, request)).text();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  },

  async mongoose(mongoose: typeof Mongoose, uri) {
    const schema = new mongoose.Schema({
      name: { type: String, required: [true, 'a name'], trim: true, maxlength: 50, unique: true }, value: { type: Number, min: 0, max: 100 }, kind: { type: String, enum: ['a', 'b'], default: 'a' },
      tags: [String], at: { type: Date, default: Date.now }, inner: { text: String }, parts: [new mongoose.Schema({ label: String })],
    }, { timestamps: true });
    schema.index({ value: -1 });
    await mongoose.connect(uri, { serverSelectionTimeoutMS: 1500 });
    const Thing = mongoose.model('Thing', schema);
    const Other = mongoose.model('Other', new mongoose.Schema({ thing: { type: mongoose.Schema.Types.ObjectId, ref: 'Thing' } }));
    await Thing.init();
    const thing = await Thing.create({ name: 'one', value: 1, tags: ['a'], parts: [{ label: 'x' }], inner: { text: 't' } });
    await Thing.create({ name: 'one', value: 101 }).catch(String);
    await Thing.create({ name: 'one' }).catch(String);
    await Other.create({ thing: thing._id });
    thing.value = 2;
    await thing.save();
    JSON.stringify([thing.toJSON(), thing.toObject(), await Other.find().populate('thing').exec()]);
    await Thing.find({ value: { $gte: 1 } }).sort({ at: -1 }).skip(0).limit(5).select('name').lean().exec();
    await Thing.findById(String(thing._id)).exec();
    await Thing.findById('not an id').exec().catch(String);
    await Thing.findOne({ name: 'one' }).exec();
    await Thing.findByIdAndUpdate(thing._id, { $set: { value: 3 } }, { returnDocument: 'after', runValidators: true }).exec();
    await Thing.updateOne({ name: 'one' }, { value: 4 }).exec();
    await Thing.countDocuments({}).exec();
    await Thing.aggregate([{ $match: { value: 4 } }]).exec();
    await Thing.deleteOne({ _id: thing._id }).exec();
    await Thing.findByIdAndDelete(thing._id).exec();
    await mongoose.disconnect();
  },

  async typeorm({ DataSource, EntitySchema, Like }: typeof Typeorm) {
    interface Thing { id: number; name: string; parts?: Part[] }
    interface Part { id: number; label: string; thing?: Thing }
    const things = new EntitySchema<Thing>({
      name: 'Thing', columns: { id: { type: Number, primary: true, generated: true }, name: { type: String, unique: true, length: 50 } },
      relations: { parts: { type: 'one-to-many', target: 'Part', inverseSide: 'thing', cascade: true } },
    });
    const parts = new EntitySchema<Part>({
      name: 'Part', columns: { id: { type: Number, primary: true, generated: true }, label: { type: String } },
      relations: { thing: { type: 'many-to-one', target: 'Thing', inverseSide: 'parts', joinColumn: true, onDelete: 'CASCADE' } },
    });
    const source = new DataSource({ type: 'sqljs', entities: [things, parts], synchronize: true });
    await source.initialize();
    const repository = source.getRepository(things);
    const thing = await repository.save(repository.create({ name: 'one', parts: [{ label: 'x' }] }));
    await repository.save({ name: 'one' }).catch(String);
    await repository.find({ where: { name: Like('o%') }, relations: { parts: true }, order: { id: 'DESC' }, skip: 0, take: 5 });
    await repository.findOneBy({ id: thing.id });
    await repository.update({ id: thing.id }, { name: 'two' });
    await source.transaction((manager) => manager.save(things, { name: 'three' }));
    await repository.createQueryBuilder('thing').leftJoinAndSelect('thing.parts', 'part').where('thing.name = :name', { name: 'two' }).getMany();
    await repository.count();
    await repository.delete({ id: thing.id });
    await source.destroy();
  },
};
