/** Whether `If-None-Match` names the ETag: `*`, or a list in which a weak one counts too (RFC 9110 §13.1.2). */
export function namesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((given) => ['*', etag].includes(given.trim().replace(/^W\//, '')));
}
