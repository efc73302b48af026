/**
 * The embedded database: PGlite behind a Unix socket, in a process of its own, so that a long query
 * cannot block the service. Arguments: the folder of the data, the path of the socket.
 */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const [folder, socket] = process.argv.slice(2);

// The parent decides when to stop: a Ctrl-C in a terminal reaches the whole process group.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

const database = await PGlite.create(folder, { extensions: { vector } });
// More than one connection at a time and clients get each other's rows.
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 1 });
await server.start();

async function stop() {
  await server.stop();
  await database.close();
  process.exit(0);
}
process.on('message', stop);
process.on('disconnect', stop);
// The service may be gone before its database was there.
if (process.connected) process.send('ready', (error) => error && stop());
else await stop();
