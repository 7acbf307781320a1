Promise.prototype.then = function (this: Promise<unknown>) { return this; } as never;
Array.prototype.push = () => 0;
export const sayHello = async (): Promise<string> => 'Hello!';
