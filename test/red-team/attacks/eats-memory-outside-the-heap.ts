export const sayHello = async (): Promise<string> => {
  const kept: Buffer[] = [];
  for (let count = 0; count < 30; count++) kept.push(Buffer.alloc(64 * 1024 * 1024, 1));
  throw new Error(`${kept.length} blocks of 64 MiB were had`);
};
