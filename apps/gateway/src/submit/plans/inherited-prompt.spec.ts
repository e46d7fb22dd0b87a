import { inheritedPrompt } from './inherited-prompt.js';

const FOUND = '1️⃣ a fox --ar 3:2\n\n2️⃣ a vixen';

describe('the prompt of a follow-up', () => {
  it.each([
    ['IMAGINE', 'MJ::JOB::variation::1::x', FOUND],
    ['DESCRIBE', 'MJ::Job::PicReader::2', 'a vixen'],
    ['DESCRIBE', 'MJ::Job::PicReader::4', ''],
    ['DESCRIBE', 'MJ::Picread::Retry', ''],
    ['DESCRIBE', 'MJ::Job::PicReader::all', FOUND],
    ['SHORTEN', 'MJ::Job::PromptAnalyzer::1', 'a fox --ar 3:2'],
    ['SHORTEN', '', ''],
  ] as const)('of %s by %j is %j', (action, customId, prompt) => {
    expect(inheritedPrompt({ action, prompt: FOUND }, customId)).toBe(prompt);
  });
});
