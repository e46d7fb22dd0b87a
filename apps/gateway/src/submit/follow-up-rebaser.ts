import { Injectable } from '@nestjs/common';
import type { Task } from '#libs/tracking';
import { UpstreamCache, type Picture, type Work } from '#libs/upstream';
import { parseCustomId } from '#libs/wire';
import { KeptPictures } from './pictures/kept-pictures.js';
import type { SubmitPlan } from './plans/submit-plan.js';

/**
 * Lets follow-ups that only need the picture of a result leave an upstream that cannot do them now, where its operator allows
 * that (`followUps: "rebase"`): they become new work with the kept picture, for any upstream.
 */
@Injectable()
export class FollowUpRebaser {
  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly pictures: KeptPictures,
  ) {}

  /** The plan, or the same as new work. @throws DatabaseUnavailableError */
  async rebase(plan: SubmitPlan): Promise<SubmitPlan> {
    const { parent, work } = plan;
    if (parent === null || work.kind !== 'action' || !this.mayLeave(parent)) return plan;
    const makeWork = newWorkFor(work.customId);
    const picture = makeWork === null ? null : await this.pictures.ofResult(parent);
    if (makeWork === null || picture === null) return plan;
    return { ...plan, work: makeWork(parent.prompt, picture), rebasedFrom: parent.upstreamId };
  }

  private mayLeave({ upstreamId }: Task): boolean {
    const up = this.upstreams.find(upstreamId ?? '');
    return up?.followUps === 'rebase' && !this.upstreams.isUsable(up.id);
  }
}

/** Makes the new work that a button stands for, of a prompt and a picture; null: it needs more than the picture. */
function newWorkFor(customId: string): ((prompt: string, picture: Picture) => Work) | null {
  const button = parseCustomId(customId);
  if (button.kind !== 'button' || button.window === 'always' || /extend/i.test(customId)) return null;
  switch (button.action) {
    case 'VIDEO':
      return (prompt, image) => ({
        kind: 'video',
        prompt,
        image,
        endImage: null,
        loop: false,
        motion: /(?:^|[_:])low(?:[_:]|$)/i.test(customId) ? 'low' : 'high',
        videoType: null,
        batchSize: null,
        extend: null,
      });
    case 'DESCRIBE':
      return (_prompt, image) => ({ kind: 'describe', image, link: null, language: null });
    default:
      return null;
  }
}
