import { PROMPT_RULES, type NumberKind, type Parameter, type Usual, type ValueKind } from '#libs/wire';
import type { NumberRangeDto, ParameterDto, ParameterValueDto } from './parameter.dto.js';

const MODEL_NAMES = PROMPT_RULES.models.map(({ name }) => name);
/** From this width of a range on a slider goes by whole numbers; narrower ones by tenths. */
const WIDE = 10;
const FINE_STEP = 0.1;

/** A parameter as a form needs it. */
export function toParameterDto(parameter: Parameter): ParameterDto {
  const [name, ...aliases] = parameter.names;
  return {
    name,
    aliases,
    value: toValueDto(parameter.value),
    models: [...(parameter.fits ?? MODEL_NAMES)],
    disputed: [...(parameter.disputed ?? [])],
    default: parameter.default ?? null,
    repeatable: parameter.mayRepeat === true,
    speed: parameter.isSpeed === true,
    undocumented: parameter.isUndocumented === true,
    excludes: excludedBy(name),
    needs: PROMPT_RULES.needs.find((need) => need.parameter === name)?.of ?? null,
  };
}

function toValueDto(value: ValueKind): ParameterValueDto {
  switch (value.kind) {
    case 'none':
      return { kind: 'flag', optional: true };
    case 'number':
      return toNumberDto(value);
    case 'version':
      return { kind: 'version', optional: false, versions: [...value.listed] };
    case 'word':
      return { kind: 'word', optional: false, words: [...value.listed], closed: value.closed };
    case 'links':
      return {
        kind: 'links',
        optional: false,
        most: value.most,
        ...(value.words === undefined ? {} : { words: [...value.words] }),
      };
    case 'codes':
      return { kind: 'codes', optional: value.optional };
    case 'ratio':
    case 'text':
      return { kind: value.kind, optional: false };
  }
}

/** What only some sources allow is not offered. */
function toNumberDto(value: NumberKind): ParameterValueDto {
  const { min, max, usual, by } = value;
  const rangeOf = (numbers: Usual): NumberRangeDto =>
    'oneOf' in numbers
      ? {
          min: Math.min(...numbers.oneOf),
          max: Math.max(...numbers.oneOf),
          step: stepOf(value),
          oneOf: [...numbers.oneOf],
        }
      : { min: numbers.min, max: numbers.max, step: stepOf(value) };
  return {
    kind: 'number',
    optional: value.optional === true,
    range: rangeOf(usual ?? { min, max }),
    ...(by === undefined
      ? {}
      : { byModel: Object.fromEntries(Object.entries(by).map(([model, numbers]) => [model, rangeOf(numbers)])) }),
  };
}

function stepOf({ whole, min, max }: NumberKind): number {
  return whole === true || max - min >= WIDE ? 1 : FINE_STEP;
}

/** Those that it can never stand beside; pairs that depend on a value are left to the lint. */
function excludedBy(name: string): string[] {
  return PROMPT_RULES.exclusions
    .filter(({ when }) => when === undefined)
    .flatMap(({ one, other }) => (one === name ? [other] : other === name ? [one] : []));
}
