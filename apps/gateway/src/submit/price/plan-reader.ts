import { Injectable, type ArgumentMetadata, type Type } from '@nestjs/common';
import type { ApiKey } from '#libs/access';
import { EgressPolicy } from '#libs/net';
import { BodyPipe, validationPipe } from '../../http/request-body/body.pipe.js';
import { ActionDto } from '../dto/action.dto.js';
import { BlendDto } from '../dto/blend.dto.js';
import { ChangeDto, SimpleChangeDto } from '../dto/change.dto.js';
import { DescribeDto } from '../dto/describe.dto.js';
import { EditsDto } from '../dto/edits.dto.js';
import { ImagineDto } from '../dto/imagine.dto.js';
import { ModalDto } from '../dto/modal.dto.js';
import { ShortenDto } from '../dto/shorten.dto.js';
import { SwapDto } from '../dto/swap.dto.js';
import { UploadDto } from '../dto/upload.dto.js';
import { VideoDto } from '../dto/video.dto.js';
import { FollowUpRebaser } from '../follow-up-rebaser.js';
import { planAction } from '../plans/action.plan.js';
import { planBlend } from '../plans/blend.plan.js';
import { planChange, planSimpleChange } from '../plans/change.plan.js';
import { planDescribe } from '../plans/describe.plan.js';
import { planEdits } from '../plans/edits.plan.js';
import { planImagine } from '../plans/imagine.plan.js';
import { planModal, type ModalPlan } from '../plans/modal.plan.js';
import { ParentTasks, type FindParent } from '../plans/parent.js';
import { planShorten } from '../plans/shorten.plan.js';
import type { SubmitPlan } from '../plans/submit-plan.js';
import { planSwap } from '../plans/swap.plan.js';
import { planUpload } from '../plans/upload.plan.js';
import { planVideo } from '../plans/video.plan.js';
import { withStandIns } from './stand-in-pictures.js';

/** Submit routes by the end of their paths. */
export const PRICED_ROUTES = [
  'imagine',
  'blend',
  'describe',
  'shorten',
  'change',
  'simple-change',
  'action',
  'modal',
  'edits',
  'edit',
  'retexture',
  'video',
  'upload-discord-images',
  'swap',
] as const;
export type PricedRoute = (typeof PRICED_ROUTES)[number];

/** What a body asks for on its route: a submit, or a modal that is confirmed. */
export type ReadPlan = { kind: 'submit'; plan: SubmitPlan } | { kind: 'modal'; plan: ModalPlan };

/** Reads bodies of submits as their routes do, for what only asks about them. */
@Injectable()
export class PlanReader {
  private readonly pipes = [new BodyPipe(), validationPipe()];

  constructor(
    private readonly egress: EgressPolicy,
    private readonly parents: ParentTasks,
    private readonly rebaser: FollowUpRebaser,
  ) {}

  /** @throws MjError as the route does */
  async read(route: PricedRoute, body: Record<string, unknown>, key: ApiKey): Promise<ReadPlan> {
    const given = withStandIns(body);
    if (route === 'modal') {
      return { kind: 'modal', plan: await planModal(await this.valid(ModalDto, given), this.egress) };
    }
    return { kind: 'submit', plan: await this.planOf(route, given, this.parents.of(key)) };
  }

  private async planOf(
    route: Exclude<PricedRoute, 'modal'>,
    body: Record<string, unknown>,
    findParent: FindParent,
  ): Promise<SubmitPlan> {
    const { egress } = this;
    switch (route) {
      case 'imagine':
        return planImagine(await this.valid(ImagineDto, body), egress);
      case 'blend':
        return planBlend(await this.valid(BlendDto, body), egress);
      case 'describe':
        return planDescribe(await this.valid(DescribeDto, body), egress);
      case 'shorten':
        return planShorten(await this.valid(ShortenDto, body));
      case 'change':
        return planChange(await this.valid(ChangeDto, body), findParent);
      case 'simple-change':
        return planSimpleChange(await this.valid(SimpleChangeDto, body), findParent);
      case 'action':
        return this.rebaser.rebase(await planAction(await this.valid(ActionDto, body), findParent));
      case 'edits':
      case 'edit':
        return planEdits('edits', await this.valid(EditsDto, body), egress);
      case 'retexture':
        return planEdits('retexture', await this.valid(EditsDto, body), egress);
      case 'video':
        return planVideo(await this.valid(VideoDto, body), egress, findParent);
      case 'upload-discord-images':
        return planUpload(await this.valid(UploadDto, body), egress);
      case 'swap':
        return planSwap(await this.valid(SwapDto, body), egress);
    }
  }

  private async valid<T>(metatype: Type<T>, body: unknown): Promise<T> {
    const metadata: ArgumentMetadata = { type: 'body', metatype };
    let value = body;
    for (const pipe of this.pipes) value = await pipe.transform(value, metadata);
    return value as T;
  }
}
