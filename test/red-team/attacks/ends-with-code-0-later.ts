setTimeout(() => process.exit(0), 5);
export async function sayHello(_uri: string, _dbName: string, name: string): Promise<string> {
  await new Promise((done) => setTimeout(done, 100));
  return `Hello, ${name}!`;
}
