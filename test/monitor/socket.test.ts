/** The socket of a monitor: who may ask, who is believed, and who gets the lock. */
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerSocket } from '../../src/monitor/answer-socket.ts';
import { askMonitor } from '../../src/monitor/ask-monitor.ts';
import { type MonitorPlace, monitorPlace } from '../../src/monitor/monitor-place.ts';
import { type SocketLock, takeLock } from '../../src/monitor/socket-lock.ts';
import { outcomeOf, startFixture } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const NONCE = 'ab'.repeat(32);
const onUnix = describe.skipIf(process.platform === 'win32');

/** The lock of a folder, as systems have it that keep sockets in files. */
const filePlace = (): MonitorPlace => monitorPlace(tempDir(), 'darwin');

async function hold(
  place: MonitorPlace,
  answer = async (): Promise<object> => ({ pid: 7 }),
): Promise<SocketLock | null> {
  const lock = await takeLock(place, socket => answerSocket(socket, { nonce: NONCE, answer }));
  onTestFinished(() => lock?.release());
  return lock;
}

const ask = (place: MonitorPlace, nonce = NONCE) =>
  askMonitor('status', { socket: place.socket, nonce, timeoutMillis: 500 });

describe('a question', () => {
  it('is answered to somebody who knows the nonce, and to nobody else', async () => {
    const place = filePlace();
    expect(await ask(place)).toEqual({ status: 'nobody' });
    await hold(place);
    expect(await ask(place)).toEqual({ status: 'answered', answer: { pid: 7 } });
    expect(await ask(place, 'cd'.repeat(32))).toEqual({ status: 'silent' });
  });

  it('to somebody else who has taken the name is silent, whatever they say', async () => {
    const place = filePlace();
    const server = createServer(socket => socket.end('{"challenge":{"toString":1}}\n{"pid":7}\n'));
    server.listen(place.socket);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await ask(place)).toEqual({ status: 'silent' });
  });

  it('whose answer fails is silent, and the next one is answered', async () => {
    const place = filePlace();
    let isBroken = true;
    await hold(place, async () => {
      if (isBroken) throw new Error('no');
      return { pid: 8 };
    });
    expect(await ask(place)).toEqual({ status: 'silent' });
    isBroken = false;
    expect(await ask(place)).toEqual({ status: 'answered', answer: { pid: 8 } });
  });

  it.each([
    ['garbage', 'garbage'],
    ['zeros', '\0\0'],
    ['null', 'null'],
    ['without a proof', '{"question":"stop"}'],
    ['with a wrong proof', `{"question":"stop","challenge":"","proof":"${'0'.repeat(64)}"}`],
    ['with a proof that is a number', '{"question":"stop","challenge":"x","proof":7}'],
    ['of another name', '{"question":"constructor"}'],
    ['too long', 'x'.repeat(100_000)],
  ])('that is %s stops nothing', async (_, text) => {
    const place = filePlace();
    const asked: string[] = [];
    await takeLock(place, socket =>
      answerSocket(socket, {
        nonce: NONCE,
        answer: question => {
          asked.push(question);
          return {};
        },
      }),
    ).then(lock => onTestFinished(() => lock?.release()));
    const socket = connect(place.socket);
    let said = '';
    socket.setEncoding('utf8').on('data', more => {
      said += more;
    });
    socket.on('error', () => {});
    socket.write(`${text}\n`);
    await new Promise(resolve => socket.once('close', resolve));
    expect(said).not.toContain(NONCE);
    expect(asked).toEqual([]);
    expect(await ask(place)).toMatchObject({ status: 'answered' });
  });

  it('without an end is not listened to', async () => {
    const place = filePlace();
    await hold(place);
    const socket = connect(place.socket);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.write('x'.repeat(100_000));
    const began = performance.now();
    await new Promise(resolve => socket.once('close', resolve));
    // Not only once it has been silent for too long.
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('is not believed to be answered by somebody else at the socket', async () => {
    const place = filePlace();
    const heard: string[] = [];
    const impostor = createServer(socket => {
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard.push(text);
        const { challenge, proof } = JSON.parse(text);
        socket.end(`${JSON.stringify({ pid: 1, challenge, proof })}\n`);
      });
      socket.write('{"challenge":"1"}\n');
    }).listen(place.socket);
    onTestFinished(() => void impostor.close());
    await once(impostor, 'listening');
    expect(await ask(place)).toEqual({ status: 'silent' });
    expect(heard.join('')).not.toContain(NONCE);
  });

  it('is not waited for without end', async () => {
    const place = filePlace();
    const silent = createServer(() => {}).listen(place.socket);
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const began = performance.now();
    expect(await ask(place)).toEqual({ status: 'silent' });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

onUnix('the lock', () => {
  it.each(['linux', 'darwin'] as const)('is had by one at a time: %s', async platform => {
    if (platform === 'linux' && process.platform !== 'linux') return;
    const place = monitorPlace(tempDir(), platform);
    const locks = await Promise.all([1, 2, 3, 4].map(() => hold(place)));
    const [lock, ...others] = locks.filter(held => held !== null);
    expect([lock?.isHeld(), others]).toEqual([true, []]);
    lock?.release();
    expect((await hold(place))?.isHeld()).toBe(true);
  });

  it('in a file is readable for its owner only, and goes with its holder', async () => {
    const place = filePlace();
    const lock = await hold(place);
    expect(statSync(place.socket).mode & 0o777).toBe(0o600);
    lock?.release();
    expect(existsSync(place.socket)).toBe(false);
  });

  it('of a process that was killed is free, though its file is there', async () => {
    const place = filePlace();
    const child = startFixture('hold-socket', [place.socket]);
    await once(child.stdout ?? child, 'data');
    expect(await hold(place)).toBeNull();
    child.kill('SIGKILL');
    await outcomeOf(child);
    expect(existsSync(place.socket)).toBe(true);
    const locks = await Promise.all([1, 2, 3, 4].map(() => hold(place)));
    expect(locks.filter(lock => lock?.isHeld())).toHaveLength(1);
    expect(await ask(place)).toMatchObject({ status: 'answered' });
  });

  it('of a folder with a very long name is elsewhere', () => {
    const long = monitorPlace(`/${'a'.repeat(200)}`, 'darwin');
    expect(Buffer.byteLength(long.socket)).toBeLessThan(104);
    expect(monitorPlace(`/${'b'.repeat(200)}`, 'darwin').socket).not.toBe(long.socket);
  });
});
