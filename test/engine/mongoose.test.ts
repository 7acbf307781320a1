import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Mongoose', (engine) => {
  test('a shop: schemas, unique emails, references, validation, hooks and totals', async () => {
    const connection = await mongoose.createConnection(engine.uri, { dbName: engine.freshDb().databaseName }).asPromise();
    const User = connection.model('User', new mongoose.Schema({ name: { type: String, required: true }, email: { type: String, unique: true, lowercase: true } }, { timestamps: true }));
    const Order = connection.model('Order', new mongoose.Schema({
      user: { type: mongoose.Schema.Types.ObjectId, ref: 'User', index: true },
      items: [{ title: String, price: { type: Number, min: 0 }, count: { type: Number, default: 1 } }],
      status: { type: String, enum: ['open', 'paid'], default: 'open' },
    }));
    await Promise.all([User.init(), Order.init()]);
    const [ada, ben] = await User.create([{ name: 'Ada', email: 'ADA@example.org' }, { name: 'Ben', email: 'ben@example.org' }]);
    if (!ada || !ben) throw new Error('two users were to be made');
    expect(ada.email).toBe('ada@example.org');
    await expect(User.create({ name: 'Other', email: 'ada@example.org' })).rejects.toMatchObject({ code: 11000, keyValue: { email: 'ada@example.org' } });
    await expect(User.create({ email: 'x@example.org' })).rejects.toMatchObject({ name: 'ValidationError' });
    await Order.insertMany([
      { user: ada._id, items: [{ title: 'Book', price: 20 }, { title: 'Pen', price: 2, count: 5 }] },
      { user: ada._id, items: [{ title: 'Lamp', price: 40 }], status: 'paid' },
      { user: ben._id, items: [{ title: 'Book', price: 20, count: 2 }] },
    ]);
    const open = await Order.find({ status: 'open', 'items.title': 'Book' }).sort({ _id: 1 }).populate<{ user: { name: string } }>('user');
    expect(open.map(({ user }) => user.name)).toEqual(['Ada', 'Ben']);
    const changed = await Order.findOneAndUpdate({ user: ben._id }, { $push: { items: { title: 'Cup', price: 8 } }, $set: { status: 'paid' } }, { returnDocument: 'after', runValidators: true });
    expect(changed?.items.map(({ count }) => count)).toEqual([2, 1]);
    const totals = await Order.aggregate([
      { $unwind: '$items' },
      { $group: { _id: '$user', total: { $sum: { $multiply: ['$items.price', '$items.count'] } } } },
      { $lookup: { from: 'users', localField: '_id', foreignField: '_id', as: 'user' } },
      { $project: { _id: 0, name: { $first: '$user.name' }, total: 1 } },
      { $sort: { name: 1 } },
    ]);
    expect(totals).toEqual([{ name: 'Ada', total: 70 }, { name: 'Ben', total: 48 }]);
    const order = await Order.findById(changed?._id);
    const stale = await Order.findById(changed?._id);
    order?.items.splice(0, 1);
    await order?.save();
    stale?.set('items.0.title', 'Late');
    await expect(stale?.save()).rejects.toMatchObject({ name: 'VersionError' });
    expect(await Order.countDocuments({ user: { $exists: true } })).toBe(3);
    await connection.close();
  });
});

onEngines('Mongoose in a transaction', (engine) => {
  test('what fails in the middle leaves nothing', async () => {
    const connection = await mongoose.createConnection(engine.uri, { dbName: engine.freshDb().databaseName }).asPromise();
    const Account = connection.model('Account', new mongoose.Schema({ owner: String, balance: { type: Number, min: 0 } }));
    await Account.create([{ owner: 'a', balance: 10 }, { owner: 'b', balance: 0 }]);
    const move = (amount: number): Promise<unknown> => connection.transaction(async (session) => {
      await Account.updateOne({ owner: 'b' }, { $inc: { balance: amount } }, { session });
      const from = await Account.findOne({ owner: 'a' }).session(session);
      from?.set('balance', (from.balance ?? 0) - amount);
      await from?.save({ session });
    });
    await move(4);
    await expect(move(100)).rejects.toMatchObject({ name: 'ValidationError' });
    expect((await Account.find().sort({ owner: 1 })).map(({ balance }) => balance)).toEqual([6, 4]);
    await connection.close();
  });
}, { replset: true });
