/** The settings that a person may write into `spanbook.json`. Each rule says what is allowed, for the error message. */
import { z } from 'zod';
import { alertSettings } from './alert-settings-schema.ts';
import { rule, section } from './schema-rules.ts';

const yesNo = z.boolean(rule('true or false'));
const text = z.string(rule('a text')).min(1, rule('a text that is not empty'));
const bytes = 'a whole number of bytes, 1 or more';
const seconds = 'a number of seconds, 1 or more';
const port = 'a port, 1 to 65535';
const endpoint = 'an http or https URL, as http://127.0.0.1:4318';
const stages = 'patterns of names with the stage of each, as {"/prototype*": "prototype"}';

export const settingsSchema = section({
  $schema: z.string(rule('a text')).optional(),
  durability: z
    .enum(['fsync', 'process'], rule('"fsync" (survives a power cut) or "process" (survives a kill)'))
    .describe('What an acknowledged event survives. Default "process".')
    .optional(),
  capture: section({
    labels: yesNo
      .describe('Keep the short description of an agent call, and the title of a session. Default true.')
      .optional(),
    content: yesNo
      .describe('Keep prompts and tool contents, secrets cut. Default false. Not used yet: nothing of them is kept.')
      .optional(),
  }).optional(),
  rotation: section({
    max_bytes: z
      .int(rule(bytes))
      .min(1, rule(bytes))
      .describe('Size at which a document goes to the archive, about. Default 52428800.')
      .optional(),
  }).optional(),
  stages: z
    .record(text, z.string(rule(stages)).min(1, rule(stages)), rule(stages))
    .describe(
      'Stage of commands, agents and skills whose name is like the pattern (* for any text, ? for one character). ' +
        'The first that fits wins. A pattern that begins with a slash fits commands only.',
    )
    .optional(),
  otlp: section({
    endpoint: z
      .url({ protocol: /^https?$/, ...rule(endpoint) })
      .describe('Base URL of an OTLP/HTTP receiver; /v1/traces is appended.')
      .optional(),
    headers: z
      .record(text, z.string(rule('a text')), rule('header names with their values as texts'))
      .describe('Headers to send with every request.')
      .optional(),
  }).optional(),
  receiver: section({
    port: z
      .int(rule(port))
      .min(1, rule(port))
      .max(65_535, rule(port))
      .describe(
        'Port on 127.0.0.1 on which the monitor takes the telemetry of Claude Code; spanbook init --otlp sets it. ' +
          'Absent: it does not.',
      )
      .optional(),
  }).optional(),
  poll_interval_seconds: z
    .number(rule(seconds))
    .min(1, rule(seconds))
    .describe('How often the monitor looks for new usage. Default 300.')
    .optional(),
  alerts: alertSettings.optional(),
});

export type Settings = z.infer<typeof settingsSchema>;
