/** Cuts secrets out of short texts before they are written anywhere. Patterns are linear: no nested quantifiers. */

const SECRETS: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,200}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,200}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,200}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,200}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,60}/g,
  /\bnpm_[A-Za-z0-9]{30,60}/g,
  /\beyJ[A-Za-z0-9_-]{10,400}\.[A-Za-z0-9_-]{10,400}(?:\.[A-Za-z0-9_-]{0,400})?/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,4000}/g,
];
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,400}/gi;
const ASSIGNED =
  /\b([A-Za-z0-9_-]{0,40}(?:password|passwd|secret|token|api[_-]?key|credential)[A-Za-z0-9_-]{0,20})(["']?\s{0,4}[:=]\s{0,4}["']?)[^\s"',;&]{3,400}/gi;
const USERINFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/gi;
const CUT = '[redacted]';

export function redact(text: string): string {
  let clean = text;
  for (const secret of SECRETS) clean = clean.replace(secret, CUT);
  return clean.replace(BEARER, `$1 ${CUT}`).replace(ASSIGNED, `$1$2${CUT}`).replace(USERINFO, `$1${CUT}@`);
}

const FAILURE_MESSAGE_LENGTH = 200;

/** What is kept of a failure: its first line, 200 characters, secrets cut. The rest is tool output and stays out. */
export function failureMessage(text: string): string {
  const start = text.trimStart().slice(0, 8 * FAILURE_MESSAGE_LENGTH);
  const line = start.split(/[\r\n]/, 1)[0] ?? '';
  return redact(line).slice(0, FAILURE_MESSAGE_LENGTH).toWellFormed();
}
