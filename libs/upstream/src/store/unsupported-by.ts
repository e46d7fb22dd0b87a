import type { TaskAction, TaskMode } from '#libs/wire';
import { definitionOf, type UpstreamKind } from '../kinds.js';
import type { Unsupported } from '../port/capabilities.js';
import type { SubmitCommand } from '../port/command.js';
import type { KindTerms } from '../port/upstream-kind.js';

/** Why a kind of upstream cannot do work; null: it can. Pure. */
export function unsupportedBy(
  kind: UpstreamKind,
  terms: KindTerms,
  { mode, action, command }: { mode: TaskMode; action: TaskAction; command: SubmitCommand },
): Unsupported | null {
  const { capabilities, unsupported } = definitionOf(kind);
  if (!capabilities.modes.includes(mode)) return { what: 'mode', name: mode };
  if (!capabilities.actions.includes(action)) return { what: 'action', name: action };
  return unsupported(terms, command);
}
