export const sayHello = async (): Promise<unknown> => new Proxy({}, { get: (_target, key) => (key === 'then' ? undefined : () => true), ownKeys: () => { throw new Error('no'); } });
