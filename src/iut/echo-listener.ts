/**
 * A TCP echo service of the host's own stack, as a process: the endpoint of the connections of a userspace stack under
 * test. Its only argument is the port; it listens on every address, reports this in one line, and ends with its standard
 * input. It sends back what came and closes when the peer closes.
 */
import { createServer } from 'node:net';

const port = Number(process.argv[2]);

const server = createServer((socket) => {
  // A reset by the peer concerns this connection only.
  socket.on('error', () => socket.destroy());
  socket.setNoDelay(true);
  socket.pipe(socket);
});
server.listen(port, () => process.stdout.write(`listening at ${port}\n`));
process.stdin.resume().on('end', () => process.exit(0));
