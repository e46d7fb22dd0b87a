/** How the name of an inline picture begins: one that an upstream's answer held as a data URL. */
const INLINE = 'data:';

/** Whether a link is the name of an inline picture, for which the upstream has to be asked. */
export function isInline(url: string): boolean {
  return url.startsWith(INLINE);
}

/** The bytes of a data URL, base64 or percent-encoded; the type that it states does not count. */
export function bytesOfDataUrl(text: string): Buffer {
  const comma = text.indexOf(',');
  const data = text.slice(comma + 1);
  const plain = data.includes('%') ? percentDecoded(data) : Buffer.from(data, 'latin1');
  return /;\s*base64\s*$/i.test(text.slice(0, comma)) ? Buffer.from(plain.toString('latin1'), 'base64') : plain;
}

function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
