import { leadsElsewhere } from './redirect-rule.js';

const ASKED = 'http://up.test/gate/mj/submit/imagine';

describe('a redirected POST surely began nothing', () => {
  it.each([
    [301, ASKED, 'https://up.test/'],
    [307, ASKED, ASKED],
    [308, ASKED, null],
    [302, ASKED, 'https://up.test/gate/mj/submit/imagine'],
    [302, ASKED, 'http://www.up.test/'],
    [302, ASKED, 'http://up.test:8443/gate'],
    [302, ASKED, 'http://up.test/signin'],
    [302, ASKED, 'http://up.test/auth/realms/x'],
    [302, ASKED, 'https://x.cloudflareaccess.com/cdn-cgi/access/login/up.test'],
    [303, ASKED, 'http://up.test/gate//mj/submit/imagine/'],
    [303, ASKED, 'http://up.test/oauth2/start'],
  ])('%i from %s to %s', (status, from, to) => {
    expect(leadsElsewhere(status, from, to)).toBe(true);
  });
});

describe('a redirected POST may have been taken', () => {
  it.each([
    [300, ASKED, 'https://up.test/gate/mj/submit/imagine'],
    [302, ASKED, ASKED],
    [302, ASKED, 'http://up.test/'],
    [302, ASKED, 'http://up.test/gate/mj/task/17/fetch'],
    [302, ASKED, 'http://up.test/authors/17'],
    [302, ASKED, null],
    [302, ASKED, 'nowhere'],
    [303, ASKED, 'https://other.test/tasks/17'],
    [303, ASKED, null],
    [304, ASKED, null],
  ])('%i from %s to %s', (status, from, to) => {
    expect(leadsElsewhere(status, from, to)).toBe(false);
  });
});
