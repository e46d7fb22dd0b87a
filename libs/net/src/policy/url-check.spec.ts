import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { isPublicAddress } from './address.js';
import { EgressPolicy } from './egress-policy.js';
import { checkUrl } from './url-check.js';

interface Row {
  url: string;
  host: string | null;
  reject: string | null;
}

const corpus = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/ssrf-corpus.json'), 'utf8')) as Row[];
const closed = new EgressPolicy();
const opened = new EgressPolicy(['10.0.0.0/8', '::1/128']);

const verdict = (text: string, policy = closed): string => {
  const checked = checkUrl(text, policy);
  return checked.kind === 'ok' ? 'ok' : checked.reason;
};

describe('checkUrl', () => {
  it('has the whole corpus', () => {
    expect(corpus).toHaveLength(92);
    expect(corpus.filter(({ reject }) => reject === null)).toHaveLength(3);
  });

  it.each(corpus)('judges $url', ({ url, host, reject }) => {
    const checked = checkUrl(url, closed);
    expect(checked.kind === 'ok' ? null : checked.reason).toBe(reject);
    if (checked.kind === 'ok') expect(checked.url.hostname).toBe(host);
  });

  it.each([
    ['https://hooks.acme.io:8443/x', 'ok'],
    ['http://hooks.acme.io:3000/x?y=1#z', 'ok'],
    ['HTTPS://Hooks.Acme.IO/x', 'ok'],
    ['https://hooks.acme.io./x', 'ok'],
    ['https://my_hook.acme.io/x', 'ok'],
    ['https://bücher.example.com/x', 'ok'],
    ['https://hooks.acme.io/?next=http://a@b/', 'ok'],
    ['http://@hooks.acme.io/', 'userinfo'],
    ['http://hooks.acme.io:5432/', 'port'],
    ['http://hooks.acme.io:3306/', 'port'],
    ['http://hooks.acme.io:11211/', 'port'],
    ['http://hooks.acme.io:27017/', 'port'],
    ['http://hooks.acme.io:6667/', 'port'],
    ['https://hooks.acme.io:22/', 'port'],
    ['http://1.1.1.1:6379/', 'port'],
    ['http://a.home.arpa/', 'tld'],
    ['http://x.onion./', 'tld'],
    [`http://${'a'.repeat(64)}.acme.io/`, 'host'],
    [`http://${'a'.repeat(63)}.acme.io/`, 'ok'],
    [`http://${'a.'.repeat(126)}io/`, 'host'],
    ['http://-a.acme.io/', 'host'],
    ['http://a!b.acme.io/', 'host'],
    [`https://hooks.acme.io/${'a'.repeat(2_048 - 22)}`, 'ok'],
    [`https://hooks.acme.io/${'a'.repeat(2_048 - 21)}`, 'length'],
    ['https://hooks.acme.io/\u007f', 'char'],
    ['https://hooks.acme.io/\t', 'char'],
    ['', 'parse'],
  ])('judges %s as %s', (url, expected) => expect(verdict(url)).toBe(expected));

  describe('where ranges are opened', () => {
    it.each([
      ['http://10.1.2.3:6379/', 'ok'],
      ['http://10.1.2.3:0/', 'port'],
      ['http://0x0a010203/', 'ok'],
      ['http://[::1]:22/', 'ok'],
      ['http://[::ffff:10.1.2.3]/', 'ok'],
      ['http://127.0.0.1/', 'ip'],
      ['http://[::ffff:127.0.0.1]/', 'ip'],
      ['http://1.1.1.1/', 'ok'],
      ['http://1.1.1.1:22/', 'port'],
      ['http://db/', 'ok'],
      ['http://localhost:8080/', 'ok'],
      ['http://redis:6379/', 'ok'],
      ['http://printer.local/', 'ok'],
      ['http://hooks.acme.io:0/', 'port'],
      ['http://user@db/', 'userinfo'],
      ['http://-/', 'host'],
      ['ftp://db/', 'scheme'],
    ])('judges %s as %s', (url, expected) => expect(verdict(url, opened)).toBe(expected));
  });

  it('is total, and what it takes is what it says', () => {
    const hosts = fc.oneof(
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const urls = fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'http:/', 'ftp://', 'HTTP://', ''),
        hosts,
        fc.string({ unit: 'binary' }),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(urls, fc.webUrl({ withFragments: true }), fc.string({ unit: 'binary' })), (text) => {
        const checked = checkUrl(text, closed);
        if (checked.kind === 'refused') return;
        const { url } = checked;
        const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
        expect(url.href).toBe(new URL(text).href);
        expect(['http:', 'https:']).toContain(url.protocol);
        expect(url.username + url.password).toBe('');
        if (isIP(host)) expect(isPublicAddress(host)).toBe(true);
        else expect(host).toContain('.');
        // Whoever is given the normalised text later must come to the same verdict.
        if (url.href.length <= 2_048) expect(checkUrl(url.href, closed).kind).toBe('ok');
      }),
      { numRuns: 5_000 },
    );
  });
});
