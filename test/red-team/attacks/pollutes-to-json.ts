Object.defineProperty(Object.prototype, 'toJSON', { value(this: Record<string, unknown>) { return { ...this, ok: true, value: 'Hello, you!', status: 'passed' }; }, configurable: true });
export const sayHello = async (): Promise<string> => 'Hello!';
