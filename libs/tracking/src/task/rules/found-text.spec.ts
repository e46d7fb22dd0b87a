import { seen } from '../../../test/an-event.js';
import { aFollowedTask, after } from '../../../test/a-task.js';
import type { Task } from '../task.entity.js';

type Said = Parameters<typeof seen>[0];

const NOW = after(5_000);
const FOUR = '1️⃣ a fox in snow --ar 3:2\n\n2️⃣ a red fox --ar 3:2\n\n3️⃣ a vixen\n\n4️⃣ snow';
const CHINESE = '1️⃣ 雪中的狐狸\n\n2️⃣ 红狐';
const SHORT = '## Important tokens\n**peaceful** (1.00)\n## Shortened prompts\n1️⃣ peaceful serene sunset\n2️⃣ sunset';
const TYPED = 'please create a peaceful, serene sunset';

const promptsOf = ({ prompt, promptEn, finalPrompt }: Task): string[] => [prompt, promptEn, finalPrompt];

describe('the text that DESCRIBE found', () => {
  const described = (said: Said): Task => {
    const task = aFollowedTask({ action: 'DESCRIBE', prompt: '', description: '/describe' });
    task.on(seen({ status: 'SUCCESS', ...said }), NOW);
    return task;
  };

  it.each<[string, Said]>([
    ['all places', { prompt: FOUR, promptEn: FOUR, finalPrompt: FOUR }],
    ['promptEn alone', { promptEn: FOUR }],
    ['finalPrompt alone', { finalPrompt: FOUR }],
    ['prompt alone', { prompt: FOUR }],
    ['description alone', { description: FOUR }],
    ['a command beside it', { promptEn: '/describe', finalPrompt: FOUR }],
    ['one sentence beside it', { promptEn: 'a picture', finalPrompt: FOUR }],
  ])('is shown in all three fields when the upstream puts it into %s', (_, said) => {
    const task = described(said);
    expect(promptsOf(task)).toEqual([FOUR, FOUR, FOUR]);
    expect(task.description).toBe('/describe');
  });

  it('keeps its lines, and loses the speeds and links that the upstream inserted', () => {
    const promptEn = '1️⃣ a fox --ar 3:2 --fast\r\n\r\n2️⃣ https://up.test/a.png a vixen --fast';
    expect(promptsOf(described({ promptEn }))).toEqual(Array(3).fill('1️⃣ a fox --ar 3:2\r\n\r\n2️⃣  a vixen'));
  });

  it('may be translated: the translation goes to finalZhPrompt', () => {
    const task = described({ prompt: CHINESE, promptEn: FOUR, finalPrompt: FOUR });
    expect(promptsOf(task)).toEqual([FOUR, FOUR, FOUR]);
    expect(task.finalZhPrompt).toBe(CHINESE);
  });

  it('may be a plain sentence', () => {
    expect(promptsOf(described({ promptEn: 'done deals of a fox', description: 'Submit success' }))).toEqual(
      Array(3).fill('done deals of a fox'),
    );
  });

  it.each<Said>([{}, { description: 'Submit success' }, { description: '提交成功', promptEn: '/describe' }])(
    'is empty when the upstream gives none: %j',
    (said) => {
      expect(described(said).prompt).toBe('');
    },
  );
});

describe('the text that SHORTEN found', () => {
  const shortened = (said: Said): Task => {
    const task = aFollowedTask({ action: 'SHORTEN', prompt: TYPED, description: `/shorten ${TYPED}` });
    task.on(seen({ status: 'SUCCESS', prompt: TYPED, ...said }), NOW);
    return task;
  };

  it.each<[string, Said]>([
    ['finalPrompt and description', { promptEn: TYPED, finalPrompt: SHORT, description: SHORT }],
    ['finalPrompt', { promptEn: TYPED, finalPrompt: SHORT }],
    ['description', { promptEn: TYPED, finalPrompt: '', description: SHORT }],
    ['description, with an echo', { promptEn: TYPED, finalPrompt: `${TYPED} --v 7 --fast`, description: SHORT }],
    ['promptEn', { promptEn: SHORT, description: `/shorten ${TYPED}` }],
    ['prompt', { prompt: SHORT, promptEn: TYPED }],
  ])('is shown in all fields when the upstream gives it as %s', (_, said) => {
    const task = shortened(said);
    expect([...promptsOf(task), task.description]).toEqual([SHORT, SHORT, SHORT, SHORT]);
  });

  it('may have no numbered options', () => {
    expect(promptsOf(shortened({ promptEn: TYPED, finalPrompt: 'serene sunset' }))).toEqual(
      Array(3).fill('serene sunset'),
    );
  });

  it.each<Said>([
    { promptEn: TYPED, description: 'Submit success' },
    { promptEn: ` ${TYPED.toUpperCase()}`, finalPrompt: `${TYPED} --v 7`, description: `/shorten ${TYPED}` },
  ])('is empty when the upstream only echoes the prompt: %j', (said) => {
    const task = shortened(said);
    expect(task.prompt).toBe(TYPED);
    expect(task.description).toBe(`/shorten ${TYPED}`);
  });
});

it('exists for no other action, whose prompt stays as typed', () => {
  const task = aFollowedTask();
  const { prompt } = task;
  task.on(seen({ status: 'SUCCESS', prompt: FOUR, promptEn: FOUR, finalPrompt: FOUR }), NOW);
  expect(task.prompt).toBe(prompt);
});

it('is not shown before the task has ended', () => {
  const task = aFollowedTask({ action: 'SHORTEN', prompt: TYPED });
  task.on(seen({ status: 'IN_PROGRESS', finalPrompt: SHORT }), NOW);
  expect(task.prompt).toBe(TYPED);
});
