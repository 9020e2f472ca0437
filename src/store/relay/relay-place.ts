/** Where the relay keeps what it knows of an endpoint: `relay/<hash of the endpoint>/` in the state folder. */
import { hash128 } from '../../model/ids.ts';

const KEY_DIGITS = 16;

export interface RelayPlace {
  /** Where spans are sent: a whole URL, as `http://127.0.0.1:4318/v1/traces`. */
  url: string;
  folder: string;
  /** Ids of the spans that arrived. */
  sent: string;
  /** What is under way. */
  batch: string;
  /** What the receiver did not take, one line each. */
  quarantine: string;
  /** How it goes, for people and for the next relay. */
  status: string;
}

export function relayPlace(stateDir: string, url: string): RelayPlace {
  const folder = `${stateDir}/relay/${hash128(url).slice(0, KEY_DIGITS)}`;
  return {
    url,
    folder,
    sent: `${folder}/sent.ids`,
    batch: `${folder}/batch`,
    quarantine: `${folder}/quarantine.jsonl`,
    status: `${folder}/relay.json`,
  };
}
