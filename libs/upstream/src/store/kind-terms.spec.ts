import { definitionOf } from '../kinds.js';
import type { KindCapabilities } from '../port/capabilities.js';
import type { KindDefinition } from '../port/upstream-kind.js';
import { unfitTerm } from './kind-terms.js';

function kind(changes: Partial<KindDefinition>, capabilities: Partial<KindCapabilities> = {}): KindDefinition {
  const usual = definitionOf('midjourney-proxy');
  return { ...usual, ...changes, capabilities: { ...usual.capabilities, ...capabilities } };
}

describe('a secret', () => {
  const twoParts = kind({ needsSecret: true }, { secretParts: 2 });

  it.each(['app|secret', 'app|se|cret', 'a|b'])('of two parts may be %s', (secret) => {
    expect(unfitTerm('youchuan', twoParts, { secret })).toBeNull();
  });

  it.each(['app', 'app|', '|secret', '|', ' |secret', 'app| ', '||'])('of two parts is not %j', (secret) => {
    expect(unfitTerm('youchuan', twoParts, { secret })).toEqual({
      field: 'secret',
      needs: 'must be <app>|<secret>: youchuan takes two parts',
    });
  });

  it('is missed by a kind that needs one, and says its form', () => {
    for (const secret of [null, '']) {
      expect(unfitTerm('youchuan', twoParts, { secret })?.needs).toContain('<app>|<secret>');
      expect(unfitTerm('legnext', kind({ needsSecret: true }), { secret })?.field).toBe('secret');
      expect(unfitTerm('midjourney-proxy', kind({}), { secret })).toBeNull();
    }
  });

  it('that is stored already is not judged', () => {
    expect(unfitTerm('youchuan', twoParts, {})).toBeNull();
  });

  it('of one part may hold anything', () => {
    expect(unfitTerm('legnext', kind({ needsSecret: true }), { secret: 'a|' })).toBeNull();
  });
});

describe('the push address', () => {
  it('is not sent to a kind that calls none', () => {
    const silent = kind({}, { pushes: false });
    expect(unfitTerm('apimart', silent, { acceptsNotifyHook: true })?.field).toBe('acceptsNotifyHook');
    expect(unfitTerm('apimart', silent, { acceptsNotifyHook: false })).toBeNull();
    expect(unfitTerm('legnext', kind({}, { pushes: true }), { acceptsNotifyHook: true })).toBeNull();
  });
});

describe('versions', () => {
  it.each([
    ['youchuan', '8.1', null],
    ['youchuan', 'niji 7', null],
    ['youchuan', '8.2', 'defaultVersion'],
    ['legnext', '8.2', null],
    ['apimart', 'niji 5', 'defaultVersion'],
    ['midjourney-proxy', '99', null],
  ] as const)('of %s: %s', (name, version, field) => {
    expect(unfitTerm(name, definitionOf(name), { defaultVersion: version })?.field ?? null).toBe(field);
    expect(unfitTerm(name, definitionOf(name), { modelVersions: [version] })?.field ?? null).toBe(
      field === null ? null : 'modelVersions',
    );
  });

  it('are those that the upstream has', () => {
    const one = (defaultVersion: string | null, modelVersions: string[] | null): unknown =>
      unfitTerm('legnext', kind({}), { defaultVersion, modelVersions })?.field ?? null;
    expect([one('7', ['7', '8.1']), one('7', null), one(null, ['8.1'])]).toEqual([null, null, null]);
    expect(one('8.2', ['7', '8.1'])).toBe('defaultVersion');
  });
});
