/** How the page stands with its server. */
import { makeSignal } from './make-signal.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'unauthorized';

const state = makeSignal<Connection>('connecting');

export const useConnection = state.use;
export const connectionNow = state.now;
export const setConnection = state.set;
