import type { Course } from '../course/types.ts';

/** The name in a workbook's package.json. */
export const workbookPackage = 'mongo-course-workbook';

export type Assistants = 'tutor' | 'allow';

/** The workbook's own files, by path; each is written where it is missing and never over a learner's. */
export function scaffold(course: Course, assistants: Assistants): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': json({ name: workbookPackage, private: true, type: 'module', description: `My workbook for ${course.name}` }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'es2023', lib: ['es2023'], module: 'preserve', moduleResolution: 'bundler', types: ['node'],
        strict: true, noEmit: true, allowJs: true, allowImportingTsExtensions: true, skipLibCheck: true, isolatedModules: true,
        experimentalDecorators: true, emitDecoratorMetadata: true, useDefineForClassFields: false, strictPropertyInitialization: false,
      },
      include: ['**/*.ts', '**/*.js'],
      exclude: ['node_modules', '.mongo-course'],
    }),
    '.env.example': envExample,
    '.gitignore': 'node_modules\n.env\n.mongo-course/runs\n.mongo-course/data\n.mongo-course/shell-history\n.mongo-course/lock\n',
    'README.md': readme(course),
  };
  if (assistants === 'tutor') {
    files['AGENTS.md'] = agents;
    files['.vscode/settings.json'] = json({ 'editor.inlineSuggest.enabled': false, 'github.copilot.enable': { '*': false } });
  }
  return files;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const envExample = `# Copy this file to .env and fill it in to run your code against a MongoDB of your own.
# The checks never read .env: they bring their own database.
MONGO_URI=mongodb://localhost:27017/
MONGO_DB_NAME=my_node_mongo_db
# MongoDB Atlas: mongodb+srv://<user>:<password>@<cluster>.mongodb.net/?retryWrites=true&w=majority
`;

const readme = (course: Course): string => `# My workbook

This folder holds my work for *${course.name}*. Each exercise is a folder; it appears when it is opened.

| I want to | I type |
| --- | --- |
| go on, always | \`npx mongo-course next\` |
| see where I am | \`npx mongo-course list\` |
| read the task again | \`npx mongo-course task\` |
| get a hint | \`npx mongo-course hint\` |
| check my work | \`npx mongo-course check\` |
| have it checked whenever I save | \`npx mongo-course watch\` |
| see what my code sent to MongoDB | \`npx mongo-course trace\` |
| start my server, for a browser or curl | \`npx mongo-course run\` |
| look into the database | \`npx mongo-course shell\` |
| start an exercise again | \`npx mongo-course reset\` |
| hand my work in | \`npx mongo-course pack\` |

Nothing here is ever overwritten: \`reset\` keeps what was there in \`.mongo-course/backups\`.
`;

const agents = `# For AI assistants

The person who owns this folder is learning. Please be a tutor:

- Ask what they have tried and what they expect before you explain.
- Give one hint at a time. \`npx mongo-course hint\` has hints in a good order, gentle ones first; keep to that order.
- Point to the lesson (\`npx mongo-course lesson\`) and to the evidence (\`npx mongo-course trace\`) before you point to code.
- Do not write the solution of an exercise, do not edit the files of an exercise, and do not run \`npx mongo-course solution\`.
- Explaining MongoDB, TypeScript, Node.js or an error message is welcome at any length.

The owner can leave this file out with \`mongo-course init --assistants allow\`.
`;
