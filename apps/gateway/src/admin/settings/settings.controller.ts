import { Body, Get, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { TASK_MODES } from '#libs/wire';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { StrictList } from '../../http/request-body/strict-input.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { BannedWordsDto, BannedWordsView } from './banned-word.dto.js';
import { BannedWordService } from './banned-word.service.js';
import { PriceDto } from './price.dto.js';
import { PriceService } from './price.service.js';
import { SlaTargetDto } from './sla.dto.js';
import { SlaService } from './sla.service.js';

/** More lines than there are actions and modes. */
const MOST_PRICES = 200;

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
  @ApiOkResponse({ type: [PriceDto] })
  @ApiProblems()
  list(): Promise<PriceDto[]> {
    return this.prices.list();
  }

  @Put()
  @ApiOperation({
    operationId: 'adminPutPrices',
    summary: 'Replace the price list',
    description: 'Tasks that were opened before keep their price.',
  })
  @ApiBody({ type: [PriceDto] })
  @ApiOkResponse({ type: [PriceDto] })
  @ApiProblems(400, 413, 415)
  replace(
    @Body(new StrictList(PriceDto, MOST_PRICES)) prices: PriceDto[],
    @Call() call: AdminCall,
  ): Promise<PriceDto[]> {
    return this.prices.replace(prices, call);
  }
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
