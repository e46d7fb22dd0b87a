import { definitionOf, UPSTREAM_KINDS, type UpstreamKind } from '#libs/upstream';

/** The kinds that the rig has of the simulator. */
export const VENDOR_KINDS = ['youchuan', 'legnext', 'apimart'] as const satisfies readonly UpstreamKind[];

/** Whether a submit whose answer was lost can be found again there, taken in as it was. */
export function canFindLost(kind: UpstreamKind): boolean {
  const { correlation, pushes } = definitionOf(kind).capabilities;
  return correlation !== 'none' || pushes === true;
}

/** What would tell a client of an upstream: the name of a kind, an address, an id of APIMart's. */
export function wordsOf(addresses: readonly string[]): RegExp {
  const names = UPSTREAM_KINDS.map((kind) => kind.replace('-', '.?'));
  const hosts = addresses.map((url) => new URL(url).host.replaceAll('.', '\\.'));
  return new RegExp([...names, ...hosts, 'task_[0-9A-Z]{20}'].join('|'), 'i');
}
