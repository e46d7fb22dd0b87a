import type { TaskAction, TaskMode } from '#libs/wire';
import type { Unsupported } from '../port/capabilities.js';
import { hasInlinePictures, type SubmitCommand } from '../port/command.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { linksReachable } from './links-reachable.js';
import { unsupportedBy } from './unsupported-by.js';

interface JudgedWork {
  mode: TaskMode;
  action: TaskAction;
  command: SubmitCommand;
}

/**
 * Judges whether upstreams can do work. A command is judged once for an upstream with the same settings: a submit asks for its
 * candidates, for the kinds of a task that waits, and before its send, and a prompt of 8,000 characters takes 0.8 ms.
 */
export class WorkJudge {
  private readonly lacks = new WeakMap<SubmitCommand, Map<UpstreamTarget, Unsupported | null>>();

  /** @param publicUrl where upstreams reach the gateway; null: nowhere */
  constructor(private readonly publicUrl: string | null) {}

  /** Why an upstream cannot do work; null: it can. Nobody changes the command or the target afterwards. */
  lackOf(target: UpstreamTarget, work: JudgedWork): Unsupported | null {
    const known = this.lacks.get(work.command) ?? new Map<UpstreamTarget, Unsupported | null>();
    const judged = known.get(target);
    if (judged !== undefined) return judged;
    const lack = unsupportedBy(target.kind, target, work) ?? this.missingLinks(target, work.command);
    this.lacks.set(work.command, known.set(target, lack));
    return lack;
  }

  /**
   * Work with pictures of a client needs links that an upstream can reach, where its kind takes nothing else, or has no uploads
   * of its own.
   */
  private missingLinks({ capabilities, baseUrl }: UpstreamTarget, command: SubmitCommand): Unsupported | null {
    const isHosted = command.kind === 'upload' && capabilities.uploads === 'gateway';
    if ((capabilities.inputs !== 'links' && !isHosted) || !hasInlinePictures(command)) return null;
    const reach = linksReachable(this.publicUrl, baseUrl);
    return reach === 'ok' ? null : { what: 'inputs', name: reach };
  }
}
