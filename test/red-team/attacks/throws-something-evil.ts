export const sayHello = async (): Promise<string> => {
  throw Object.defineProperties(new Error('x'), { message: { get: () => { throw new Error('again'); } }, stack: { get: () => { while (true); } } });
};
