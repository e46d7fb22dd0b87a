import { Body, Get, Headers, Put, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TASK_MODES } from '#libs/wire';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { StrictList } from '../../http/request-body/strict-input.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { BannedWordsDto, BannedWordsView } from './banned-word.dto.js';
import { BannedWordService } from './banned-word.service.js';
import { PriceDto } from './price.dto.js';
import { priceEtag, PriceService } from './price.service.js';
import { SlaTargetDto } from './sla.dto.js';
import { SlaService } from './sla.service.js';

/** More lines than there are actions and modes. */
const MOST_PRICES = 200;

const LIST_ETAG = {
  ETag: { description: 'Names this list, for If-Match.', schema: { type: 'string' }, example: '"k3Yx…"' },
} as const;

@AdminRoutes('prices', 'settings')
export class PriceController {
  constructor(private readonly prices: PriceService) {}

  @Get()
  @ApiOperation({
    operationId: 'adminGetPrices',
    summary: 'The price list',
    description:
      'An exact action goes before an exact mode, and both before `*`. What no line fits is refused `mode_not_allowed`.',
  })
  @ApiOkResponse({ type: [PriceDto], headers: LIST_ETAG })
  @ApiProblems()
  async list(@Res({ passthrough: true }) reply: FastifyReply): Promise<PriceDto[]> {
    return tagged(reply, await this.prices.list());
  }

  @Put()
  @ApiOperation({
    operationId: 'adminPutPrices',
    summary: 'Replace the price list',
    description:
      'Tasks that were opened before keep their price. With `If-Match` and the `ETag` of the list that was read, it is 412 ' +
      'where somebody else has changed the list since.',
  })
  @ApiHeader({ name: 'If-Match', required: false, description: 'ETag of the list that is replaced; absent: any.' })
  @ApiBody({ type: [PriceDto] })
  @ApiOkResponse({ type: [PriceDto], headers: LIST_ETAG })
  @ApiProblems(400, 412, 413, 415)
  async replace(
    @Body(new StrictList(PriceDto, MOST_PRICES)) prices: PriceDto[],
    @Call() call: AdminCall,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PriceDto[]> {
    return tagged(reply, await this.prices.replace(prices, ifMatch, call));
  }
}

function tagged(reply: FastifyReply, prices: PriceDto[]): PriceDto[] {
  void reply.header('etag', priceEtag(prices));
  return prices;
}

@AdminRoutes('sla', 'settings')
export class SlaController {
  constructor(private readonly targets: SlaService) {}

  @Get()
  @ApiOperation({ operationId: 'adminGetSla', summary: 'How long tasks may take, by mode' })
  @ApiOkResponse({ type: [SlaTargetDto] })
  @ApiProblems()
  list(): Promise<SlaTargetDto[]> {
    return this.targets.list();
  }

  @Put()
  @ApiOperation({
    operationId: 'adminPutSla',
    summary: 'Replace the targets',
    description: '`report.sla_daily` uses them.',
  })
  @ApiBody({ type: [SlaTargetDto] })
  @ApiOkResponse({ type: [SlaTargetDto] })
  @ApiProblems(400, 413, 415)
  replace(
    @Body(new StrictList(SlaTargetDto, TASK_MODES.length)) targets: SlaTargetDto[],
    @Call() call: AdminCall,
  ): Promise<SlaTargetDto[]> {
    return this.targets.replace(targets, call);
  }
}

@AdminRoutes('banned-words', 'settings')
export class BannedWordController {
  constructor(private readonly words: BannedWordService) {}

  @Get()
  @ApiOperation({
    operationId: 'adminGetBannedWords',
    summary: 'Words that end a submit with code 24',
    description: 'Before anything is charged or sent.',
  })
  @ApiOkResponse({ type: BannedWordsView })
  @ApiProblems()
  list(): Promise<BannedWordsView> {
    return this.words.list();
  }

  @Put()
  @ApiOperation({
    operationId: 'adminPutBannedWords',
    summary: 'Replace the banned words',
    description: 'They are kept in lower case and matched as whole words.',
  })
  @ApiOkResponse({ type: BannedWordsView })
  @ApiProblems(400, 413, 415)
  replace(@Body() { words }: BannedWordsDto, @Call() call: AdminCall): Promise<BannedWordsView> {
    return this.words.replace(words, call);
  }
}
