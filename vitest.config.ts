import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['mongo-course-source', 'node', 'import', 'module', 'default'] },
  ssr: { resolve: { conditions: ['mongo-course-source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
