/** Serves the files of one directory over HTTP, for experiments: only GET and HEAD of files inside it. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream';

/**
 * The server is not listening yet. A client that half-closes its connection after its request still gets its answer:
 * Node's server closes such a connection at once unless a property, which its types lack, is set.
 */
export const createFileServer = (directory: string): Server =>
  Object.assign(
    createServer((request, response) => {
      void answer(directory, request, response);
    }),
    { httpAllowHalfOpen: true },
  );

const answer = async (directory: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const refuse = (status: number, why: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(`${why}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(405, 'only GET and HEAD');
    return;
  }
  const found = await findFile(directory, request.url ?? '/');
  if (found === undefined) {
    refuse(404, 'there is no such file');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': found.size });
  if (request.method === 'HEAD') response.end();
  // A client that disconnects early is not an error of the server.
  else pipeline(createReadStream(found.file), response, () => {});
};

/** A plain file inside the directory, links followed; undefined for everything else. */
const findFile = async (
  directory: string,
  url: string,
): Promise<{ readonly file: string; readonly size: number } | undefined> => {
  try {
    const { pathname } = new URL(url, 'http://files.invalid');
    const root = await realpath(directory);
    const file = await realpath(join(root, decodeURIComponent(pathname)));
    const facts = await stat(file);
    return facts.isFile() && file.startsWith(root + sep) ? { file, size: facts.size } : undefined;
  } catch {
    return undefined;
  }
};
