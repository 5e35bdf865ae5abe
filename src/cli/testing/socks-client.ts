/** A client of SOCKS and HTTP as a program for `node -e`, so that tests of proxies need no curl. */

/** It asks the proxy at port 1080 for `/octets` of an IPv4 host, port 8000, and prints what SOCKS answered and the SHA-256 of the body. */
export const clientOf = (host: string): string => `
const socket = require('node:net').connect(1080, '127.0.0.1');
const got = [];
const host = '${host}'.split('.').map(Number);
socket.write(Buffer.from([5, 1, 0, 5, 1, 0, 1, ...host, 0x1f, 0x40]));
socket.write('GET /octets HTTP/1.0\\r\\n\\r\\n');
socket.on('data', (octets) => got.push(octets));
socket.on('end', () => {
  const all = Buffer.concat(got);
  const body = all.subarray(all.indexOf('\\r\\n\\r\\n') + 4);
  console.log(all.subarray(0, 12).toString('hex'), require('node:crypto').createHash('sha256').update(body).digest('hex'));
  socket.end();
});`;
