import { resultOf } from './submit-reply.js';

describe('the word that an upstream takes for banned', () => {
  const task = { id: '6236409995426248', prompt: 'a red fox on channel 5', action: 'IMAGINE' } as const;

  it.each([
    ['a word', 'gore', 'gore'],
    ['a reason code', 'Msg_Sensitive', 'Msg_Sensitive'],
    ['words of the client', 'channel 5', 'channel 5'],
    ['a sentence that names an account', 'flagged by moderation (account mj_9912)', 'flagged by moderation'],
    ['a sentence that names a vendor', 'blocked by APIMart moderation', 'blocked by moderation'],
  ])("is shown as it is, without what is the operator's: %s", (_, bannedWord, shown) => {
    expect(resultOf({ kind: 'banned', promptEn: '', bannedWord }, task)).toMatchObject({ bannedWord: shown });
  });
});
