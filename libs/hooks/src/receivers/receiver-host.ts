/**
 * The receiver that failures and limits are counted by: host and port of a hook URL, in lower case, without a trailing
 * dot, the port always written out (`hooks.example.com:443`, `[2001:db8::1]:8080`).
 * @throws TypeError when it is no absolute http or https URL
 */
export function hostOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('a hook is http or https');
  return `${hostname.toLowerCase().replace(/\.$/, '')}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
