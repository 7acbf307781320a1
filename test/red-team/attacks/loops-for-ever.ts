export const sayHello = async (): Promise<string> => {
  while (true);
};
