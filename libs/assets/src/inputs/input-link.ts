import { createHash } from 'node:crypto';
import type { SecretBox } from '#libs/database';
import { PICTURE_TYPES, type PictureType } from '../format/picture-type.js';

/** Where inputs are served, below PUBLIC_URL. */
const PATH = '/mj/input/';
const TOKEN = /^[A-Za-z0-9_-]{32}$/;

/** What a picture is served for; equal bytes have another token for each. */
export type InputUse = 'input' | 'upload';

/** The token of a picture of a task: the same for the same bytes, and nobody can make it without SECRET_KEY. */
export function inputToken(secrets: SecretBox, use: InputUse, taskId: string, bytes: Uint8Array): string {
  return secrets.mac(use, `${taskId}:${createHash('sha256').update(bytes).digest('hex')}`);
}

/** What is stored of a token, so that whoever reads the database can fetch nothing by it. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The URL of a picture. */
export function inputUrl(publicUrl: string, token: string, type: PictureType): string {
  return `${publicUrl}${PATH}${token}.${PICTURE_TYPES[type].extension}`;
}

/** Token and ending of a name as it stands in a URL; null for what no link has. */
export function parseInputName(name: string): { token: string; ending: string } | null {
  const at = name.indexOf('.');
  const [token, ending] = [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
  return TOKEN.test(token) ? { token, ending } : null;
}
