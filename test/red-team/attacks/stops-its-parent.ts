process.kill(process.ppid, 'SIGSTOP');
export const sayHello = async (): Promise<string> => 'Hello!';
