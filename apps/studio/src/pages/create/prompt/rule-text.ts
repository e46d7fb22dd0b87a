import { defineStrings } from '../../../i18n/strings.ts';
import type { Finding } from './finding.ts';

/** What each rule of the lint says, as a reason. */
const strings = defineStrings({
  en: {
    banned: 'This word is not allowed here.',
    other: 'This may be refused or misread.',
    jobs: (jobs: number) => `This prompt is ${jobs} jobs, and each is paid.`,
    rules: {
      text_missing: 'There is nothing to draw: write some words, or add pictures.',
      single_image: 'One picture needs some words beside it. Two or more are a blend.',
      text_after_parameters: 'Words stand behind a parameter. Parameters belong to the end of the prompt.',
      dash: 'This is another dash. A parameter begins with two hyphens.',
      space_after_dashes: 'There is a space between the hyphens and the name of the parameter.',
      space_before_value: 'A space is missing between the parameter and its value.',
      punctuation: 'Punctuation between parameters is not read.',
      unknown_parameter: 'There is no such parameter.',
      duplicate_parameter: 'This parameter stands twice.',
      repeated_reference: 'Several style references: one flag takes them all.',
      value_missing: 'This parameter needs a value.',
      value_malformed: 'This value is not of the kind that the parameter takes.',
      ratio_not_whole: 'An aspect ratio takes whole numbers only.',
      value_out_of_range: 'This value is outside of what the parameter takes.',
      too_many_values: 'This parameter takes fewer values.',
      weights_not_positive: 'The weights add up to zero or less.',
      braces_unbalanced: 'This brace has no other half.',
      value_unusual: 'Only some versions take this value.',
      not_in_version: 'The version of this prompt does not have this.',
      disputed_in_version: 'It is not certain that the version of this prompt has this.',
      contradiction: 'These two exclude each other.',
      needs_image: 'An image weight needs a picture.',
      needs_reference: 'This weight belongs to a reference that is not there.',
      image_not_first: 'Links of pictures belong to the beginning of the prompt.',
      too_many_images: 'These are more pictures than a prompt takes.',
      undocumented_parameter: 'This parameter belongs to old versions and may do nothing.',
      letter_case: 'Names of parameters are written in lower case.',
      weight_spacing: 'There must be no space before “::”.',
    },
  },
  zh: {
    banned: '此词不允许使用。',
    other: '这里可能被拒绝或误读。',
    jobs: (jobs) => `此提示词会拆成 ${jobs} 个任务，每个单独计费。`,
    rules: {
      text_missing: '没有可画的内容：请写些文字，或添加图片。',
      single_image: '只有一张图片时需要配上文字；两张以上请用混图。',
      text_after_parameters: '参数后面还有文字。参数应写在提示词末尾。',
      dash: '这是另一种破折号。参数以两个半角连字符开头。',
      space_after_dashes: '连字符与参数名之间多了空格。',
      space_before_value: '参数与它的值之间缺少空格。',
      punctuation: '参数之间的标点不会被识别。',
      unknown_parameter: '没有这个参数。',
      duplicate_parameter: '此参数重复出现。',
      repeated_reference: '多个风格参考只需一个参数，依次写在其后即可。',
      value_missing: '此参数需要一个值。',
      value_malformed: '此参数不接受这种形式的值。',
      ratio_not_whole: '宽高比只能用整数。',
      value_out_of_range: '数值超出此参数的范围。',
      too_many_values: '值的数量超过此参数的上限。',
      weights_not_positive: '权重之和不能小于或等于零。',
      braces_unbalanced: '花括号没有成对。',
      value_unusual: '只有部分版本接受这个值。',
      not_in_version: '当前版本没有此功能。',
      disputed_in_version: '当前版本不一定支持此功能。',
      contradiction: '这两个参数互相冲突。',
      needs_image: '图片权重需要配合图片使用。',
      needs_reference: '此权重缺少对应的参考。',
      image_not_first: '图片链接应放在提示词开头。',
      too_many_images: '图片数量超过上限。',
      undocumented_parameter: '此参数属于旧版本，可能不起作用。',
      letter_case: '参数名应使用小写字母。',
      weight_spacing: '“::” 前不能有空格。',
    },
  },
});

/** Mark of a place that was refused for its word; it is no rule of the lint. */
export const BANNED = 'banned_word';

/** Why a place of a prompt is wrong, in the reader's language. */
export function ruleText({ rule, jobs }: { rule: Finding['rule'] | typeof BANNED; jobs?: number }): string {
  const texts = strings.value;
  if (rule === 'several_jobs') return texts.jobs(jobs ?? 2);
  if (rule === BANNED) return texts.banned;
  const rules: Readonly<Record<string, string>> = texts.rules;
  return rules[rule] ?? texts.other;
}
