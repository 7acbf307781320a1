while (true);
export {};
