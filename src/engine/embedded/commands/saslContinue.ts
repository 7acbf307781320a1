import { continueLogin } from '../auth/login.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';

/** Goes on with a login that `saslStart` began. */
export const command: CommandDefinition = {
  stable: true,
  run({ client, body }) {
    const { login } = client;
    client.login = undefined;
    if (!login) throw new MongoError('ProtocolError', 'No SASL session state found');
    const { done, reply } = continueLogin(login, body);
    if (!done) client.login = login;
    else if (login.user) client.loggedIn = [...client.loggedIn.filter(({ database }) => database !== login.user?.database), login.user];
    return reply;
  },
};
