/** Differences between what is told of the same usage, and what causes them. */
import type { Amounts } from './amounts.ts';

/** Words for each cause, and whether it is known for one: the others are to be looked at. */
export const DIFFERENCES = {
  incomplete: ['the transcript never got the final usage; OTLP has it, and that counts', true],
  tokens: ['transcript and OTLP both call it final, and differ; the transcript counts', false],
  model: ['transcript and OTLP name different models; the transcript counts', false],
  terms: ['transcript and OTLP tell of the same tokens at another speed; the transcript counts', false],
  auxiliary: ['made by the client for itself, as for titles; such requests stand in no transcript', true],
  no_transcript: ['only OTLP told of this session: its transcript is gone, or in a folder that was not read', true],
  not_in_transcript: ['the transcript of this session does not have it', false],
  pending: ['less than a minute old; the other source may still tell of it', true],
  part: ['a part of an answer by another model, as an advisor; OTLP does not tell of it by itself', true],
  before_receiver: ['from before the receiver heard of this session', true],
  after_receiver: ['from after the receiver heard of this session last', true],
  lost: ['the client did not send it, or it was lost on its way to the receiver', true],
  unjoined: ['told by both without an id in common, so it counts twice', true],
  client_price: ['the client has other prices', true],
  unpriced: ['a model that has no price here', true],
  guessed: ['a model that the client has no price for, and guesses', true],
  web_searches: ['web searches of which the transcript does not tell', true],
  later: ['from after the client told its total', true],
  restarted: ['from before the client began its total anew, as when a session is resumed', true],
  untold: ['the client counts requests of its own, as for titles; no source here told of them', true],
  no_final_usage: ['requests whose final usage is not known; the client knew it', true],
  client_more: ['the client counts more than any source told of', false],
  client_less: ['the client counts less than was told of', false],
  no_requests: ['no request of this session is recorded: its transcript is gone, or in another folder', true],
} as const satisfies Record<string, readonly [cause: string, isKnown: boolean]>;

export type DifferenceKind = keyof typeof DIFFERENCES;

export interface Difference {
  kind: DifferenceKind;
  session: string | null;
  /** Id, if it is that of a single request. */
  request?: string;
  model?: string;
  /** How many requests it is about; 0 if that is not known. */
  requests: number;
  transcript?: Amounts;
  otlp?: Amounts;
  client?: Amounts;
  /** As it counts here, beside the client's total. */
  counted?: Amounts;
  /** OTLP without the transcript, or the client's total without what counts. */
  difference: Amounts;
}
