/** The part of `spanbook.json` that says how alerts reach people. */
import { z } from 'zod';
import { commandWords } from './command-words.ts';
import { rule, section } from './schema-rules.ts';

const yesNo = z.boolean(rule('true or false'));
const text = z.string(rule('a text')).min(1, rule('a text that is not empty'));
const command = 'a program with its arguments, all quotes closed';
const url = 'an http or https URL without a user name and password in it';
const headers =
  'header names with their values as texts; host, connection, content-length and the like are not allowed';
const port = 'a port, 1 to 65535';
const variable = 'the name of an environment variable, as SPANBOOK_MAIL_PASSWORD';
const levels = ['info', 'warning', 'critical'] as const;

/** They are said by the connection itself, and a second word would confuse the receiver. */
const OWN_HEADERS = /^(?!(?:host|connection|content-length|content-type|transfer-encoding|upgrade|expect|te)$)[\w-]+$/i;

const commandField = z.string(rule(command)).refine(words => commandWords(words) !== null, rule(command));

const webhook = section({
  url: z
    .url({ protocol: /^https?$/, ...rule(url) })
    .refine(
      address => !URL.canParse(address) || new URL(address).username + new URL(address).password === '',
      rule(url),
    )
    .describe('Takes what Slack takes: Slack, Mattermost, Discord (…/slack), Rocket.Chat.'),
  allow_private: yesNo.describe('Allow loopback and private addresses. Default false.').optional(),
  headers: z
    .record(
      z.string().regex(OWN_HEADERS),
      z.string(rule('a text')).regex(/^[^\0\r\n]*$/, rule('a text on one line')),
      rule(headers),
    )
    .describe('Headers to send with every message.')
    .optional(),
});

const mail = section({
  to: z.union([text, z.array(text).min(1, rule('at least one address'))], rule('an address, or a list of addresses')),
  from: text,
  host: text.describe('Name of the mail server (SMTP).'),
  port: z.int(rule(port)).min(1, rule(port)).max(65_535, rule(port)).describe('Default 587; 465 if secure.').optional(),
  secure: yesNo
    .describe('TLS from the first byte, as on port 465. Default false: STARTTLS where the server has it.')
    .optional(),
  user: text.describe('Logs in with this name. Then TLS is a must, but on loopback.').optional(),
  password_env: z
    .string(rule(variable))
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, rule(variable))
    .describe('Environment variable of the monitor that holds the password. The password itself is never in a file.')
    .optional(),
}).refine(({ user, password_env }) => (user === undefined) === (password_env === undefined), {
  ...rule('user and password_env together, or neither'),
});

export const alertSettings = section({
  notify: z
    .union([yesNo, commandField, z.array(commandField)], rule('true, false, a command, or a list of commands'))
    .describe(
      'true: a notification on the desktop. A text: a program with its arguments, run without a shell, ' +
        'with the alert as JSON on standard input. A list: several programs. Default false.',
    )
    .optional(),
  webhook: webhook.optional(),
  mail: mail.optional(),
  min_level: z
    .enum(levels, rule('"info", "warning" or "critical"'))
    .describe('Alerts below this level are logged only. Default "warning".')
    .optional(),
}).describe('How alerts reach you beside the log. Default: not at all.');

export type AlertSettings = z.infer<typeof alertSettings>;
