import { connect } from 'node:net';
const reached = await new Promise<boolean>((resolve) => {
  const socket = connect({ host: '127.0.0.1', port: Number('{{LISTENER}}') }, () => socket.end('reverse shell', () => resolve(true)));
  socket.on('error', () => resolve(false));
});
if (reached) console.log('LEAKED a connection to another program of this machine');
export const sayHello = async (): Promise<string> => 'Hello!';
