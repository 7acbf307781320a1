export const sayHello = async (): Promise<string> => {
  while (true) await undefined;
};
