import { RouteTable } from './route-table.js';

describe('what a path allows', () => {
  const table = new RouteTable();
  const route = (method: string, path: string): void => table.add({ method, path, isPublic: false, isAdmin: false });
  route('POST', '/mj/submit/imagine');
  route('GET', '/mj/task/:id/fetch');
  route('HEAD', '/mj/task/:id/fetch');
  route('POST', '/mj/task/:id/cancel');
  route('GET', '/docs/*');
  route('OPTIONS', '*');

  it.each([
    ['/mj/submit/imagine', 'OPTIONS, POST'],
    ['/mj/submit/imagine?x=1', 'OPTIONS, POST'],
    ['/mj/task/1/fetch', 'GET, HEAD, OPTIONS'],
    ['/mj/task/%41/%66etch', 'GET, HEAD, OPTIONS'],
    ['/mj/task/a%2Fb/cancel', 'OPTIONS, POST'],
    ['/docs/a/b.css', 'GET, OPTIONS'],
  ])('%s: %s', (url, allowed) => {
    expect(table.allowedOn(url)).toBe(allowed);
  });

  it.each([
    '/',
    '',
    '*',
    '/mj/submit/imagine/',
    '/mj/task//fetch',
    '/MJ/submit/imagine',
    '/mj/task/1',
    '/docs',
    '//mj',
  ])('%s is nowhere', (url) => {
    expect(table.allowedOn(url)).toBeNull();
  });
});
