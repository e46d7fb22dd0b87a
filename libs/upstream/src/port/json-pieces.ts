import { PictureText } from './picture-text.js';

/**
 * The JSON of a value in pieces of UTF-8, to be written one after the other. The bytes of a PictureText are pieces
 * themselves and not copied. A value without any is one piece.
 */
export function jsonPieces(value: unknown): Buffer[] {
  if (!holdsPicture(value)) return [Buffer.from(JSON.stringify(value), 'utf8')];
  const pieces: Buffer[] = [];
  let text = '';
  const write = (inner: unknown): void => {
    if (inner instanceof PictureText) {
      pieces.push(Buffer.from(`${text}"`, 'utf8'), ...inner.toPieces());
      text = '"';
    } else if (!holdsPicture(inner)) {
      text += JSON.stringify(inner) ?? 'null';
    } else if (Array.isArray(inner)) {
      inner.forEach((item, at) => {
        text += at === 0 ? '[' : ',';
        write(item);
      });
      text += ']';
    } else {
      const entries = Object.entries(inner as object).filter(([, item]) => item !== undefined);
      entries.forEach(([name, item], at) => {
        text += `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`;
        write(item);
      });
      text += '}';
    }
  };
  write(value);
  return [...pieces, Buffer.from(text, 'utf8')];
}

function holdsPicture(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof PictureText) return true;
  return Array.isArray(value) ? value.some(holdsPicture) : Object.values(value).some(holdsPicture);
}
