import { randomBytes } from 'node:crypto';
import { SecretBox } from '#libs/database';
import { OPTIONS } from '../../test/replica.js';
import { PushTokens } from './push-token.js';

const ID = '6240000000000001';
const box = new SecretBox(randomBytes(32));
const tokens = new PushTokens(box, { ...OPTIONS, publicUrl: 'https://gateway.test/base' });
const tokenOf = (id: string): string => tokens.urlOf(id)?.split('/').at(-1) ?? '';

describe('push tokens', () => {
  it('are issued under PUBLIC_URL and resolve to their task, whatever their MAC looks like', () => {
    for (let n = 0; n < 200; n += 1) {
      const id = String(Number(ID) + n);
      expect(tokens.urlOf(id)).toMatch(new RegExp(`^https://gateway\\.test/base/mj/notify/${id}-[A-Za-z0-9_-]{32}$`));
      expect(tokens.taskIdOf(tokenOf(id))).toBe(id);
    }
  });

  it('are not issued without a PUBLIC_URL', () => {
    expect(new PushTokens(box, { ...OPTIONS, publicUrl: null }).urlOf(ID)).toBeNull();
  });

  it('are valid for their own task and SECRET_KEY only', () => {
    const mac = tokenOf(ID).slice(17);
    expect(tokens.taskIdOf(`6240000000000002-${mac}`)).toBeNull();
    expect(new PushTokens(new SecretBox(randomBytes(32)), OPTIONS).taskIdOf(tokenOf(ID))).toBeNull();
    expect(tokens.taskIdOf(`${ID}-${box.mac('cursor', ID)}`)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['the id alone', ID],
    ['an empty MAC', `${ID}-`],
    ['an empty id', `-${box.mac('push', '')}`],
    ['no task id', `abc-${box.mac('push', 'abc')}`],
    ['spaces', ` ${ID}-${box.mac('push', ` ${ID}`)}`],
    ['a MAC cut short', `${ID}-${box.mac('push', ID).slice(0, 31)}`],
    ['more behind it', `${ID}-${box.mac('push', ID)}A`],
    ['letters of two bytes', `${ID}-${'é'.repeat(16)}`],
  ])('refuse %s', (_, token) => {
    expect(tokens.taskIdOf(token)).toBeNull();
  });
});
