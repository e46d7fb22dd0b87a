import { definitionOf, UPSTREAM_KINDS } from '#libs/upstream';
import { CHECKS } from './checks.js';

it.each(UPSTREAM_KINDS)(
  'every assumption of %s that can be tried has a check, and every check an assumption',
  (kind) => {
    const tried = definitionOf(kind).assumptions.filter(({ tried: when }) => when !== 'never');
    const ids = tried.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(CHECKS[kind]).sort()).toEqual(ids.sort());
  },
);
