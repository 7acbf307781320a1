import inspector from 'node:inspector';
inspector.open(0, '127.0.0.1');
export const sayHello = async (): Promise<string> => 'Hello!';
