import { readOrigin, type Origin, type RuleNode } from './rule-node.js';

/** Two parameters that exclude each other; with `when` only where a value of the other is so. */
export interface Exclusion extends Origin {
  one: string;
  other: string;
  when?: RegExp;
}

/** A weight, and the reference without which it weighs nothing: a parameter, or a `picture` of the prompt. */
export interface Need extends Origin {
  parameter: string;
  of: string;
}

export interface Relations {
  exclusions: readonly Exclusion[];
  needs: readonly Need[];
}

/** @param names the short names of all parameters @throws RuleError */
export function readRelations(file: RuleNode, names: readonly string[]): Relations {
  return {
    exclusions: file
      .only('exclusions', 'needs')
      .at('exclusions')
      .list((node) => {
        const when = node.only('one', 'other', 'when', 'source', 'checked').maybe('when', (each) => each.pattern());
        const pair = { one: node.at('one').word(names), other: node.at('other').word(names) };
        return { ...pair, ...(when === undefined ? {} : { when }), ...readOrigin(node) };
      }),
    needs: file.at('needs').list((node) => ({
      parameter: node.only('parameter', 'of', 'source', 'checked').at('parameter').word(names),
      of: node.at('of').word([...names, 'picture']),
      ...readOrigin(node),
    })),
  };
}
