/** Secrets that may stand in foreign texts (of a driver, a library, an upstream), and what replaces each in a log. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b(sk-|whsec_)[\w+/=-]{8,}/g, '$1[redacted]'],
  [/\b(js[st]_)[\w-]{8,}/g, '$1[redacted]'],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  // Only the origin of a URL is logged: paths and queries of hooks, pictures and pushes hold tokens.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/@"']*@)?([^\s/?#"'<>]+)[^\s"'<>)]*/gi, '$1$2'],
  // Texts about a request may name its path alone.
  [/(\/mj\/(?:input|notify)\/)[\w.-]+/g, '$1[redacted]'],
  [/\b(data:[\w/+.-]+;base64,)[\w+/=]+/gi, '$1[redacted]'],
  [/[A-Za-z0-9+/]{120,}={0,2}/g, '[base64]'],
];

/** Longer texts are cut: what is worth reading stands at their beginning. */
const MAX_CHARS = 8_192;

/** A text without keys, secrets, the insides of URLs, and pictures. */
export function scrubText(text: string): string {
  const cut = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
  return SECRETS.reduce((scrubbed, [pattern, rest]) => scrubbed.replace(pattern, rest), cut);
}
