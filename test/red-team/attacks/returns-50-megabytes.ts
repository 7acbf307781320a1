export const sayHello = async (): Promise<string> => 'x'.repeat(50 * 1024 * 1024);
