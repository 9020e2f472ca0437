/** Ids of requests: `message.id:requestId` out of transcripts, `otlp:requestId` by OTLP. The request's id joins the two. */

const OTLP = 'otlp:';

export const isOtlpId = (id: string): boolean => id.startsWith(OTLP);

/** The id under which OTLP tells of the request with this id of the client. */
export const otlpIdOf = (requestId: string): string => OTLP + requestId;

/** The client's id of the request in an id; empty if there is none, or it is a part of a response. */
export function requestIdOf(id: string): string {
  const cut = id.indexOf(':');
  return cut < 0 || id.includes('#') ? '' : id.slice(cut + 1);
}
