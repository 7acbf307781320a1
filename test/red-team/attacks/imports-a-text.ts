import text from '/etc/hostname';
console.log(`LEAKED ${String(text)}`);
export const sayHello = async (): Promise<string> => 'Hello!';
