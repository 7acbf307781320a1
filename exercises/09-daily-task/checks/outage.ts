import { check, expect503, type CheckContext, type Document } from 'mongo-course/checker';
import { ask, declared, type Declared, type Route } from '../declared.ts';
import { declaresItself } from './files.ts';
import { create, creates, filled, lists, one } from './requests.ts';

const options = { lesson: '10-daily-task-and-choosing#the-daily-task', needs: [declaresItself, creates], timeoutMs: 40_000, deadline: true };

const hints = {
  status: 'One error handler: what the driver or Mongoose throws while there is no server is a 503.',
  late: 'serverSelectionTimeoutMS: 3000 in the options of the client; for TypeORM in extra. Mongoose buffers commands: bufferTimeoutMS, or bufferCommands: false.',
};

const refusal = (t: CheckContext, task: Declared, route: Route, body?: Document) => (): Promise<void> => expect503(t, `${route.method.toUpperCase()} ${route.path}`, ask(t, task, route, body, 9000), hints);

export const answers503 = check('503 while the database is down', { ...options, scene: 'outage' }, async (t) => {
  const task = await declared(t);
  await create(t, task, task.valid);
  await t.tap.down();
  await t.sleep(300);
  await t.together(refusal(t, task, task.routes.list), refusal(t, task, task.routes.create, task.valid));
});

export const answers503Everywhere = check('503 of update and delete, too, while the database is down', { ...options, needs: [...options.needs, lists], scene: 'outage of the bonus', bonus: true }, async (t) => {
  const task = await declared(t);
  const { update, delete: remove } = task.routes;
  if (!update && !remove) return t.fail({ message: 'There is no route update and no route delete in daily_task.json: a bonus.', cause: 'no update and no delete' });
  const { id } = await one(t, task);
  await t.tap.down();
  await t.sleep(300);
  await t.together(...(update ? [refusal(t, task, filled(update, id), task.valid)] : []), ...(remove ? [refusal(t, task, filled(remove, id))] : []));
});
