import { readOrigin, type Origin, type RuleNode } from './rule-node.js';

/** `error`: Midjourney turns such a prompt away. `warning`: it takes it, but not as it was meant, or sources disagree. */
export type Severity = 'error' | 'warning';

/** One rule of the prompt lint. */
export interface FindingRule extends Origin {
  severity: Severity;
  meaning: string;
  example: string;
}

/** @throws RuleError */
export function readFindingRules(file: RuleNode): Record<string, FindingRule> {
  return Object.fromEntries(
    file.fields().map(([name, node]) => [
      name,
      {
        severity: node
          .only('severity', 'meaning', 'example', 'source', 'checked')
          .at('severity')
          .word(['error', 'warning']),
        meaning: node.at('meaning').text(),
        example: node.at('example').text(),
        ...readOrigin(node),
      },
    ]),
  );
}
