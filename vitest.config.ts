import { defineConfig } from 'vitest/config';

/** Tests that start the program, which starts others: one file after the other, so that they don't wait for each other. */
const wholeProgram = ['test/cli/**/*.test.ts', 'test/course/**/*.test.ts', 'test/red-team/**/*.test.ts'];

export default defineConfig({
  // Not `import`: that one is added where it holds, and packages that know `require` as well would be given the wrong file.
  resolve: { conditions: ['mongo-course-source', 'node'] },
  ssr: { resolve: { conditions: ['mongo-course-source', 'node'] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: wholeProgram, sequence: { groupOrder: 0 } } },
      // Once more where a terminal or a server of a machine that is busy with something else came too late.
      { extends: true, test: { name: 'program', include: wholeProgram, fileParallelism: false, retry: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
