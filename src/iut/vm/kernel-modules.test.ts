import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { LabError } from '../../net/lab/command.js';
import { gatherModules, readModuleInfo } from './kernel-modules.js';

const release = '6.12.0';
const moduleOf = (name: string, depends: string, vermagic = release): Buffer =>
  Buffer.from(
    `\x7fELF\0\xa5\0name=${name}\0xdepends=lure\0depends=${depends}\0vermagic=${vermagic} SMP mod_unload \0`,
    'latin1',
  );

describe('modules of a guest', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-modules-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (file: string, content: Uint8Array | string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  };
  const names = (): readonly string[] => gatherModules(directory, release).map(({ name }) => name);

  it('come after those that they depend on, and nothing else comes', () => {
    write('drivers/net/virtio_net.ko', moduleOf('virtio_net', 'net_failover,virtio'));
    write('net/core/net-failover.ko', moduleOf('net_failover', 'failover'));
    write('net/core/failover.ko', moduleOf('failover', ''));
    write('drivers/virtio/virtio.ko', moduleOf('virtio', ''));
    write('drivers/gpu/other.ko', moduleOf('other', ''));
    expect(names()).to.deep.equal(['failover', 'net_failover', 'virtio', 'virtio_net']);
  });

  it('are found by modules.order, of a build tree and of a package', () => {
    write('modules.order', 'drivers/net/virtio_net.o\nkernel/drivers/char/virtio_console.ko\n');
    write('drivers/net/virtio_net.ko', moduleOf('virtio_net', ''));
    write('kernel/drivers/char/virtio_console.ko.gz', gzipSync(moduleOf('virtio_console', '')));
    expect(names()).to.deep.equal(['virtio_net', 'virtio_console']);
    expect(gatherModules(directory, release)[1]?.content).to.deep.equal(moduleOf('virtio_console', ''));
  });

  it('may all be built in', () => {
    expect(names()).to.deep.equal([]);
  });

  it('of another kernel are refused', () => {
    write('virtio_net.ko', moduleOf('virtio_net', '', '6.1.0-57-cloud-amd64'));
    expect(names).to.throw(LabError, 'are for the kernel 6.1.0-57-cloud-amd64, the image is 6.12.0');
  });

  it('that a damaged file holds are refused', function () {
    this.timeout(180_000);
    write('virtio_net.ko.xz', 'no xz file');
    expect(names).to.throw(LabError, /cannot be unpacked by xz|is not installed/);
  });

  it('tell what they depend on', () => {
    expect(readModuleInfo(moduleOf('a', 'b,c'))).to.deep.equal({ depends: ['b', 'c'], vermagic: release });
    expect(readModuleInfo(Buffer.from('\x7fELF'))).to.deep.equal({ depends: [], vermagic: undefined });
  });
});
