import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The course's proof takes longest, so it begins; the files that mostly wait at terminals go on one by one beside it. */
class ProofFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isProof = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('test/course/verify.test.ts');
    return [...sorted.filter(isProof), ...sorted.filter((file) => !isProof(file))];
  }
}

/** Tests that start the program, which starts others. */
const wholeProgram = ['test/cli/**/*.test.ts', 'test/course/**/*.test.ts', 'test/red-team/**/*.test.ts'];

export default defineConfig({
  // Not `import`: that one is added where it holds, and packages that know `require` as well would be given the wrong file.
  resolve: { conditions: ['mongo-course-source', 'node'] },
  ssr: { resolve: { conditions: ['mongo-course-source', 'node'] } },
  test: {
    sequence: { sequencer: ProofFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two files at a time, whatever the machine: alone, a file waits too much, and of more at once each comes too late. Beside the
    // proof, which takes most of the time, there are two more: they mostly wait.
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: wholeProgram, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      // Once more where a terminal or a server of a machine that is busy with something else came too late.
      { extends: true, test: { name: 'program', include: wholeProgram, maxWorkers: 3, retry: 1, testTimeout: 150_000, sequence: { groupOrder: 1 } } },
    ],
  },
});
