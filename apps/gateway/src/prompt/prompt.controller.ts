import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { lintPrompt, parseBotType } from '#libs/wire';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { requirePrompt } from '../http/request-body/required-prompt.js';
import { promptRulesDto } from './rules/prompt-rules-view.js';
import { PromptRulesDto } from './rules/prompt-rules.dto.js';
import { FindingDto, LintDto } from './lint.dto.js';

const BODIES = {
  slips: { summary: 'With two mistakes', value: { prompt: 'a red fox in the snow --ar16:9 --chaos 200' } },
  right: { summary: 'As it should be', value: { prompt: 'a red fox in the snow --ar 16:9 --chaos 20' } },
};

const ANSWERS = {
  slips: {
    summary: 'Two mistakes',
    value: [
      { rule: 'space_before_value', severity: 'error', start: 24, end: 30, fix: 'ar 16:9' },
      { rule: 'value_out_of_range', severity: 'error', start: 39, end: 42, fix: '100' },
    ],
  },
  right: { summary: 'None', value: [] },
};

const RULES = promptRulesDto();

/** Looks at prompts without submitting them. */
@ApiTags('submit')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/prompt')
export class PromptController {
  @Post('lint')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'lintPrompt',
    summary: 'What Midjourney would refuse or misread in a prompt',
    description:
      'Costs nothing and asks no upstream. The prompt is looked at as /mj/submit/imagine would without pictures. ' +
      '`several_jobs` says how many jobs it is: each is paid. ' +
      'Whether findings refuse a submit, come with its answer or are not looked for is set per key (`promptLint`).',
  })
  @ApiBody({ type: LintDto, examples: BODIES })
  @ApiOkResponse({
    description: 'The findings, by their places; none: the prompt is right',
    type: [FindingDto],
    examples: ANSWERS,
  })
  @ApiMjErrors(400, 401, 403, 413, 415, 429, 503)
  lint(@Body() { prompt = '', botType }: LintDto): FindingDto[] {
    requirePrompt(prompt);
    return lintPrompt(prompt, { botType: parseBotType(botType), tellsJobs: true });
  }

  @Get('rules')
  @ApiOperation({
    operationId: 'getPromptRules',
    summary: 'The parameters that a prompt may have, for forms',
    description:
      'What the lint judges by: names, values and ranges, and the versions that take them. A range is what every source ' +
      'agrees on; the lint may let more pass. The answer changes with a release of the gateway only.',
  })
  @ApiOkResponse({ type: PromptRulesDto })
  @ApiMjErrors(401, 403, 429, 503)
  rules(): PromptRulesDto {
    return RULES;
  }
}
