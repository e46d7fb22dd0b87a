import { SecretBox } from '#libs/database';
import { readCursor, toCursor } from './page-cursor.js';

const secrets = new SecretBox(Buffer.alloc(32, 7));
const position = { submittedUs: '1795340000000123', id: '6240000000000001' };

describe('a cursor', () => {
  it('stands for its position', () => {
    expect(readCursor(toCursor(position, '1', secrets), '1', secrets)).toEqual(position);
  });

  it('is of use to its own key alone, and under one SECRET_KEY', () => {
    const cursor = toCursor(position, '1', secrets);
    expect(readCursor(cursor, '2', secrets)).toBeNull();
    expect(readCursor(cursor, '1', new SecretBox(Buffer.alloc(32, 8)))).toBeNull();
  });

  it('cannot be changed', () => {
    const [encoded = '', mac = ''] = toCursor(position, '1', secrets).split('.');
    const other = Buffer.from('1795340000000124.6240000000000001').toString('base64url');
    for (const cursor of [
      `${other}.${mac}`,
      `${encoded}.${mac.slice(1)}A`,
      `${encoded}.`,
      encoded,
      '',
      '.',
      'null',
      `${encoded}=.${mac}`,
    ])
      expect(readCursor(cursor, '1', secrets)).toBeNull();
  });

  it('must hold a position, however well it is signed', () => {
    const cursor = `${Buffer.from('now').toString('base64url')}.${secrets.mac('cursor', '1:now')}`;
    expect(readCursor(cursor, '1', secrets)).toBeNull();
  });
});
