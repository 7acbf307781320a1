export const sayHello = (): Promise<string> => new Promise(() => setInterval(() => undefined, 1000));
