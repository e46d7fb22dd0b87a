import { scrubText } from './scrub-text.js';

describe('scrubText', () => {
  it.each([
    ['key sk-abcdefgh1234 is unknown', 'key sk-[redacted] is unknown'],
    ['signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw==', 'signed with whsec_[redacted]'],
    ['authorization: Bearer adm-0123456789', 'authorization: Bearer [redacted]'],
    ['POST https://hooks.example/T0/B1/token?x=secret failed', 'POST https://hooks.example failed'],
    ['"http://10.0.0.1:8080/mj/notify/624-abc"', '"http://10.0.0.1:8080"'],
    ['GET /mj/input/q8Zl0cJ0v6dY.png failed', 'GET /mj/input/[redacted] failed'],
    ['postgres://user:password@db.internal:5432/journeyman', 'postgres://db.internal:5432'],
    ['https://host.example?token=1', 'https://host.example'],
    ['data:image/png;base64,iVBORw0KGgo= is torn', 'data:image/png;base64,[redacted] is torn'],
    [`bytes ${'QUJD'.repeat(50)}== end`, 'bytes [base64] end'],
    ['listening on http://127.0.0.1:8080', 'listening on http://127.0.0.1:8080'],
  ])('%s', (text, scrubbed) => {
    expect(scrubText(text)).toBe(scrubbed);
  });

  it('leaves what is no secret', () => {
    const text = 'task 6240000000000001 of upstream a (status_5xx), request 0f8fad5b-d9cb-469f-a165-70867728950e';
    expect(scrubText(text)).toBe(text);
  });

  it('cuts what is long, and leaves no half of a secret behind', () => {
    const scrubbed = scrubText(`${'word '.repeat(1_636)}sk-${'a'.repeat(60)}`);
    expect(scrubbed).toHaveLength(1_636 * 5 + 'sk-[redacted]…'.length);
    expect(scrubbed.endsWith('sk-[redacted]…')).toBe(true);
  });
});
