process.kill(process.ppid, 'SIGKILL');
export const sayHello = async (): Promise<string> => 'Hello!';
