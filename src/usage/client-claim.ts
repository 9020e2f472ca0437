/** What the client itself says that a session has used. */

/** Both kinds of cache writes are one here. Cost in integer nano-dollars. */
export interface ModelClaim {
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  cost: number;
}

/** One telling. Models by the ids that the client uses, as `claude-opus-5[1m]`; none, if it told of the cost alone. */
export interface ClaimTelling {
  cost: number;
  models: Readonly<Record<string, ModelClaim>>;
}

export interface ClientClaim {
  session: string;
  /** Its transcript, or what `claude -p` printed. */
  from: 'transcript' | 'result';
  /** In order. Newer clients count on from one to the next, older ones begin anew with each call. */
  tellings: readonly ClaimTelling[];
  /** The client had no price for a model, and guessed. */
  hasUnknownCost: boolean;
  /** Of a fork: other sessions whose beginning it repeats, and up to when, in milliseconds since 1970. */
  repeats: Readonly<Record<string, number>>;
}
