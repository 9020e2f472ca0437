/** A mail server on loopback: as much of SMTP as a client needs, and it keeps what it was told. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SmtpSink {
  port: number;
  /** Lines of the clients, without the mails. */
  commands: string[];
  mails: string[];
}

export interface SmtpOptions {
  /** Extensions that it says it has. */
  extensions?: readonly string[];
  /** Answers in place of its own, by the first word of the command. */
  answers?: Readonly<Record<string, string>>;
}

export async function startSmtpSink({ extensions = [], answers = {} }: SmtpOptions = {}): Promise<SmtpSink> {
  const sink: SmtpSink = { port: 0, commands: [], mails: [] };
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    let rest = '';
    let mail: string[] | null = null;
    const answer = (line: string): void => {
      const [word = ''] = line.split(/[ :]/);
      const name = word.toUpperCase();
      const hello = ['stand-in', ...extensions].map((text, at, all) => `250${at < all.length - 1 ? '-' : ' '}${text}`);
      const known: Record<string, string> = {
        EHLO: hello.join('\r\n'),
        DATA: '354 go on',
        QUIT: '221 bye',
        AUTH: '235 welcome',
        STARTTLS: '502 not here',
        ...answers,
      };
      socket.write(`${known[name] ?? '250 ok'}\r\n`);
      if (name === 'DATA') mail = [];
    };
    socket.setEncoding('utf8').on('data', text => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (mail === null) {
          sink.commands.push(line);
          answer(line);
        } else if (line === '.') {
          sink.mails.push(mail.join('\n'));
          mail = null;
          socket.write('250 taken\r\n');
        } else {
          mail.push(line);
        }
      }
    });
    if (answers.greeting !== '') socket.write(`${answers.greeting ?? '220 stand-in'}\r\n`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  sink.port = (server.address() as AddressInfo).port;
  return sink;
}
