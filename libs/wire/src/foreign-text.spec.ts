import { isStorable, scrubForeignText, storableText, withoutForeignParts } from './foreign-text.js';

describe('foreign text', () => {
  it('loses every trace of an upstream', () => {
    const said =
      'Task 1751363012345678 failed on https://mj7.corp.example:8443/x?k=1 (10.2.3.4:80, node7.internal) [fe80:0:0:1::2]';
    const shown = scrubForeignText(said);
    for (const trace of ['1751363012345678', 'mj7', 'corp', '10.2.3.4', 'node7', 'fe80'])
      expect(shown).not.toContain(trace);
    expect(shown).toContain('failed on');
  });

  it.each([
    'at [::1]:8080',
    'connect ECONNREFUSED ::1:8080',
    'at fd00::12 x',
    'on fe80::1 and 2001:db8::7',
    'connect ECONNREFUSED mj-proxy:8080',
    'getaddrinfo ENOTFOUND redis-master',
    'via mj-proxy:8080',
    'at 2001:db8:0:0:0:0:0:7',
  ])('loses the address of "%s"', (said) => {
    expect(scrubForeignText(said)).not.toMatch(/::|8080|fd00|fe80|2001|mj-proxy|redis/);
  });

  it.each(['66f0c0ffee00c0ffee00c0ff', '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b', 'C0FFEE00C0FFEE00C0FF'])(
    'loses the job id %s',
    (id) => {
      expect(scrubForeignText(`job ${id} has failed`)).toBe('job has failed');
    },
  );

  it('keeps customIds and times', () => {
    expect(scrubForeignText('MJ::JOB failed at 12:30:45')).toBe('MJ::JOB failed at 12:30:45');
  });

  it('keeps ordinary sentences', () => {
    const said = '[Banned prompt detected] The word `gore` is banned. Please try v6.1 instead.';
    expect(scrubForeignText(said)).toBe(said);
  });

  it('is at most 500 characters', () => {
    expect(scrubForeignText('é'.repeat(900))).toHaveLength(500);
  });

  it('takes links that an upstream put into a prompt out, and leaves the others', () => {
    const echoed = 'https://cdn.corp.example/a.png <https://s.mj.run/xyz> https://mine.io/b.png a fox --v 7';
    expect(withoutForeignParts(echoed, 'https://mine.io/b.png a fox')).toBe(
      '<https://s.mj.run/xyz> https://mine.io/b.png a fox --v 7',
    );
    expect(withoutForeignParts('https://cdn.corp.example/a.png a fox --v 7 --turbo', 'a fox')).toBe('a fox --v 7');
  });

  it('takes out what cannot be stored', () => {
    expect(storableText('a\u0000b\ud800')).toBe('ab\ufffd');
    expect(isStorable('a\u0000')).toBe(false);
    expect(isStorable('\ud800')).toBe(false);
    expect(isStorable('🦊')).toBe(true);
  });
});
