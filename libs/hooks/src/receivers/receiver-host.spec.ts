import { hostOf } from './receiver-host.js';

describe('hostOf', () => {
  it.each([
    ['https://Hooks.Example.com/a?b=c', 'hooks.example.com:443'],
    ['http://hooks.example.com/', 'hooks.example.com:80'],
    ['https://hooks.example.com:443/x', 'hooks.example.com:443'],
    ['https://hooks.example.com.:8443/x', 'hooks.example.com:8443'],
    ['http://[2001:DB8::1]:8080/x', '[2001:db8::1]:8080'],
    ['http://0x7f.1/x', '127.0.0.1:80'],
    ['https://bücher.example/x', 'xn--bcher-kva.example:443'],
  ])('%s is %s', (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  it.each(['', 'example.com', 'ftp://example.com/', 'mailto:a@example.com'])('refuses %p', (url) => {
    expect(() => hostOf(url)).toThrow(/Invalid URL|http or https/);
  });
});
