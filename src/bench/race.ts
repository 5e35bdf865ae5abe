/**
 * What races of the kernel's own sockets do for real programs, in labs of two kernels: curl with the default path dead, how
 * many connections a server sees, when the path that lost is there, throughput through both ends, and a thousand at once.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openRaceLab, type RaceLab, raceProxy, raceServer } from '../cli/haap/lab-race.js';
import { percentile } from './percentile.js';

const curls = 1000;
const concurrent = 1000;
const bigOctets = 400_000_000;

type Side = 'client' | 'server';

/** Runs a command inside and gives what it printed. */
const inside = async (lab: RaceLab, side: Side, argv: readonly string[]): Promise<string> => {
  const child = lab.pair.exec(side, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  return child.stdout === null ? '' : text(child.stdout);
};

/** Seconds from the start to the first octet, for so many requests that each have a connection of their own. */
const fetchMany = async (lab: RaceLab, count: number, options: readonly string[]): Promise<readonly number[]> => {
  const argv = [
    'curl',
    '-s',
    '-H',
    'Connection: close',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code} %{time_starttransfer}\\n',
  ];
  const said = await inside(lab, 'client', [...argv, ...options, `http://${raceServer}/small?[1-${count}]`]);
  return said.split('\n').flatMap((line) => {
    const [code, seconds] = line.split(' ');
    return code === '200' ? [Number(seconds)] : [];
  });
};

const withLab = async (
  files: string,
  request: {
    readonly far: 'server' | 'haap';
    readonly impair: readonly string[];
    readonly options?: readonly string[];
  },
  measure: (lab: RaceLab, heard: readonly string[]) => Promise<void>,
): Promise<void> => {
  const heard: string[] = [];
  const lab = await openRaceLab(
    { paths: 2, scheme: ['sim'], files, quiet: false, hear: (line) => heard.push(line), ...request },
    () => {},
  );
  try {
    await lab.ready;
    await measure(lab, heard);
  } finally {
    await lab.close();
  }
};

const inMilliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;
const throughProxy = ['-x', `socks5h://${raceProxy}`];

/** Prints a section of `npm run bench`. */
export const benchRace = async (print: (line: string) => void): Promise<void> => {
  const files = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  writeFileSync(join(files, 'small'), 'robe');
  writeFileSync(join(files, 'big'), Buffer.alloc(bigOctets, 'robe'));
  try {
    await withLab(files, { far: 'server', impair: ['path1=dead'] }, async (lab) => {
      const times = await fetchMany(lab, curls, throughProxy);
      const prompt = times.filter((seconds) => seconds < 0.02).length;
      print(
        `default path dead: ${times.length} of ${curls} curls answered, ${prompt} with their first octet within 20 ms of the ` +
          `good path's round trip; median ${inMilliseconds(percentile(times, 0.5))}, p99.9 ${inMilliseconds(percentile(times, 0.999))}`,
      );
      const classic = await fetchMany(lab, 3, ['--connect-timeout', '5']);
      print(`  without the race: ${classic.length} of 3 connected within 5 s`);
    });
    await withLab(files, { far: 'server', impair: [] }, async (lab, heard) => {
      const times = await fetchMany(lab, curls, throughProxy);
      // The aggregation point tells of each connection that was accepted.
      const accepted = heard.filter((line) => / -> 127\.0\.0\.1:8000: connected/.test(line)).length;
      print(
        `both paths alive: ${times.length} of ${curls} curls answered, the server accepted ${accepted} connections`,
      );
      print(`  ${await joinTimes(lab)}`);
    });
    await withLab(files, { far: 'haap', impair: [] }, async (lab) => {
      print(await throughput(lab, throughProxy, 'through proxy and aggregation point'));
      print(await manyAtOnce(lab));
    });
    await withLab(files, { far: 'haap', impair: [], options: ['--tcp'] }, async (lab) => {
      print(await throughput(lab, throughProxy, 'the same without MPTCP between the two'));
    });
    await withLab(
      files,
      { far: 'server', impair: ['path1=rate:200mbit,dies:1s', 'path2=rate:200mbit'] },
      async (lab) => {
        const sums = await inside(lab, 'client', [
          'sh',
          '-c',
          `curl -s ${throughProxy.join(' ')} http://${raceServer}/big | head -c 60000000 | sha256sum`,
        ]);
        const whole = spawnSync('sh', ['-c', `head -c 60000000 ${join(files, 'big')} | sha256sum`], {
          encoding: 'utf8',
        });
        print(`path 1 dies in mid-transfer: 60 MB ${sums === whole.stdout ? 'arrived whole' : 'did not arrive whole'}`);
      },
    );
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
};

/** From the end of the race to the third segment of the join, as the server's kernel counts it (MPJoinAckRx), polled. */
const joinTimes = async (lab: RaceLab): Promise<string> => {
  const watcher = `
    const { readFileSync } = require('node:fs');
    const count = () => {
      const [names, values] = readFileSync('/proc/net/netstat', 'latin1').split('\\n').filter((line) => line.startsWith('MPTcpExt'));
      return Number(values.split(' ')[names.split(' ').indexOf('MPJoinAckRx')]);
    };
    let seen = count();
    const end = process.hrtime.bigint() + 6000000000n;
    while (process.hrtime.bigint() < end) {
      const now = count();
      if (now > seen) console.log(String(process.hrtime.bigint()));
      seen = now;
    }`;
  const opener = `
    const { connect } = require('node:net');
    const [host, port] = ${JSON.stringify(raceServer)}.split(':');
    let left = 40;
    const next = () => {
      if (left-- === 0) return;
      const socket = connect(1080, '127.0.0.1');
      socket.write(Buffer.from([5, 1, 0, 5, 1, 0, 1, ...host.split('.').map(Number), port >> 8, port & 255]));
      let got = 0;
      socket.on('data', (octets) => {
        if (got < 12 && got + octets.length >= 12) {
          console.log(String(process.hrtime.bigint()));
          socket.write('GET /small HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n');
        }
        got += octets.length;
      });
      setTimeout(() => { socket.destroy(); next(); }, 100);
    };
    setTimeout(next, 500);`;
  const [joined, opened] = await Promise.all([
    inside(lab, 'server', [process.execPath, '-e', watcher]),
    inside(lab, 'client', [process.execPath, '-e', opener]),
  ]);
  const times = (said: string): readonly bigint[] => said.split('\n').filter(Boolean).map(BigInt);
  const ends = times(joined);
  const waits = times(opened).flatMap((begin) => {
    const end = ends.find((time) => time > begin && time < begin + 100_000_000n);
    return end === undefined ? [] : [Number(end - begin) / 1e9];
  });
  return (
    `the path that lost was a subflow in ${waits.length} of 40 connections, median ${inMilliseconds(percentile(waits, 0.5))}, ` +
    `longest ${inMilliseconds(Math.max(...waits))} after the race`
  );
};

const throughput = async (lab: RaceLab, options: readonly string[], what: string): Promise<string> => {
  const said = await inside(lab, 'client', [
    ...['curl', '-s', '-o', '/dev/null', '-w', '%{http_code} %{size_download} %{time_total}', ...options],
    'http://127.0.0.1:8000/big',
  ]);
  const [code, octets, seconds] = said.split(' ').map(Number);
  if (code !== 200 || octets === undefined || seconds === undefined) return `${what}: not answered`;
  return `${what}: ${((octets * 8) / seconds / 1e9).toFixed(2)} Gbit/s`;
};

/** Memory of the client's engine before, with a thousand connections open at once, and after. */
const manyAtOnce = async (lab: RaceLab): Promise<string> => {
  const opener = `
    const { connect } = require('node:net');
    let open = 0;
    const sockets = Array.from({ length: ${concurrent} }, () => {
      const socket = connect(1080, '127.0.0.1');
      socket.write(Buffer.from('050100' + '050100017f0000011f40', 'hex'));
      socket.write('GET /small HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n');
      let got = '';
      socket.on('error', () => {});
      socket.on('data', (octets) => {
        const before = got.includes('robe');
        got += octets.toString('latin1');
        if (!before && got.includes('robe')) open += 1;
      });
      return socket;
    });
    const begun = process.hrtime.bigint();
    const look = setInterval(() => {
      if (open < ${concurrent} && process.hrtime.bigint() < begun + 30000000000n) return;
      clearInterval(look);
      console.log(open, Number((process.hrtime.bigint() - begun) / 1000000n));
      setTimeout(() => process.exit(0), 1000);
    }, 5);`;
  const memory = (): number => {
    const found = spawnSync('ip', ['netns', 'pids', lab.pair.namespaces.client], { encoding: 'utf8' }).stdout;
    for (const pid of found.split('\n').filter(Boolean)) {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      if (/^Name:\s+robe-engine/m.test(status)) return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
    }
    return Number.NaN;
  };
  const before = memory();
  const child = lab.pair.exec('client', [process.execPath, '-e', opener], { stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise<string>((said) => child.stdout?.setEncoding('utf8').once('data', said));
  const during = memory();
  await new Promise((ended) => child.once('exit', ended));
  const [open, milliseconds] = line.split(' ');
  return (
    `${open} of ${concurrent} connections open at once, all answered after ${milliseconds?.trim()} ms; the proxy's memory ` +
    `${before.toFixed(1)} MB before, ${during.toFixed(1)} MB meanwhile, ${memory().toFixed(1)} MB after`
  );
};
