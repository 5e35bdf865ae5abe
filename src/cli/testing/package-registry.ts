/**
 * A registry of npm on this machine's loopback, so that an installation is tested without any network: it has the packages
 * that this project was installed with, as they stand in `node_modules`, and refuses every other. Made for npm install.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface PackageRegistry {
  readonly url: string;
  close(): void;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** Where each version of each package stands, from the lock file of the project in this directory. */
const placesOf = (home: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const places = new Map<string, Map<string, string>>();
  const locked: readonly string[] = Object.keys(readJson(join(home, 'package-lock.json')).packages);
  for (const place of locked) {
    const directory = join(home, place);
    if (place === '' || !existsSync(join(directory, 'package.json'))) continue;
    const { name, version }: Manifest = readJson(join(directory, 'package.json'));
    const versions = places.get(name) ?? new Map<string, string>();
    places.set(name, versions.set(version, directory));
  }
  return places;
};

export const servePackages = async (home: string): Promise<PackageRegistry> => {
  const places = placesOf(home);
  const server = createServer(({ url = '/' }, response) => {
    const [name = '', version] = decodeURIComponent(url.slice(1)).split('/-/');
    const directories = places.get(name);
    if (version === undefined) sendManifests(response, directories, `http://127.0.0.1:${port()}/${name}/-/`);
    else sendTarball(response, directories?.get(version));
  });
  const port = (): number => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port()}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Every version of a package, as npm asks for it first. */
const sendManifests = (
  response: ServerResponse,
  directories: ReadonlyMap<string, string> | undefined,
  tarballs: string,
): void => {
  if (directories === undefined) {
    response.writeHead(404).end('{}');
    return;
  }
  const versions = [...directories].map(([version, directory]) => [
    version,
    { ...readJson(join(directory, 'package.json')), dist: { tarball: tarballs + version } },
  ]);
  const latest = [...directories.keys()].at(-1);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
};

/** The package as it was before it was installed: without what was built in it, or installed below it. */
const sendTarball = (response: ServerResponse, directory: string | undefined): void => {
  if (directory === undefined) {
    response.writeHead(404).end();
    return;
  }
  const argv = ['-cz', '--exclude=./node_modules', '--exclude=./build', '--transform=s,^\\.,package,', '.'];
  const { stdout } = spawn('tar', argv, { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  stdout.pipe(response);
};
