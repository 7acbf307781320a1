const { MongoClient } = require('mongodb');

async function sayHello(uri, dbName, name) {
  const client = new MongoClient(uri);
  try {
    const greetings = client.db(dbName).collection('greetings');
    const _id = Date.now() * 1000 + Math.floor(Math.random() * 1000);
    await greetings.insertOne({ _id, message: `Hello, ${name}!`, created_at: new Date() });
    const found = await greetings.findOne({ _id });
    return found.message;
  } finally {
    await client.close();
  }
}

module.exports = { sayHello };
