import { Logger } from '@nestjs/common';
import { InputsUnavailableError, type ConvertedMask, type InputPictures } from '#libs/assets';
import { DatabaseUnavailableError } from '#libs/database';
import type { Outcome, SubmitCommand } from '#libs/upstream';
import type { Replica } from '../../../test/replica.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useTracking } from '../../../test/use-tracking.js';
import type { Task } from '../../task/task.entity.js';
import type { Send } from './send-settler.js';

const PICTURE = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
const WITH_PICTURES = { ...COMMAND, images: [PICTURE, PICTURE] } as SubmitCommand;

afterEach(() => {
  jest.restoreAllMocks();
});
const t = useTracking({ slots: 5, balance: 10 });
const { rig } = t;

/** Sends to an upstream that takes pictures as links only. */
describe('a send of pictures by link', () => {
  let replica: Replica;
  let log: string[];
  let fault: Error | null;
  let mask: ConvertedMask;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    [log, fault, mask] = [[], null, { kind: 'unreadable' }];
    const publish = (): Promise<string> => {
      log.push('published');
      return fault === null ? Promise.resolve(`https://mj.example/${log.length}.png`) : Promise.reject(fault);
    };
    const convertMask = (): Promise<ConvertedMask> => Promise.resolve(mask);
    const inputs = { publish, keepUpload: publish, convertMask } as unknown as InputPictures;
    replica = await rig.replica({}, t.fake, inputs);
    const found = replica.upstreams.find(t.up.id);
    if (found === null) throw new Error('no upstream');
    const { capabilities } = found;
    const linked = { ...capabilities, inputs: 'links', masks: 'white_repaints', uploads: 'gateway' } as const;
    jest.spyOn(replica.upstreams, 'find').mockReturnValue({ ...found, capabilities: linked });
    jest.spyOn(replica.upstreams, 'unsupported').mockReturnValue(null);
    t.fake.answer = () => {
      log.push('sent');
      return { kind: 'accepted', upstreamTaskIds: ['up-1'] };
    };
  });

  async function opened(): Promise<Task> {
    const result = await replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId }));
    if (result.kind !== 'opened') throw new Error(result.kind);
    return result.task;
  }

  const send = (task: Task, command: SubmitCommand = WITH_PICTURES, more: Partial<Send> = {}): Promise<Outcome> =>
    replica.sender.send({ task, command, mayWait: true, source: 'sender', answerOf: () => null, ...more });

  it('begins when every picture has its link', async () => {
    expect(await send(await opened())).toMatchObject({ kind: 'accepted' });
    expect(log).toEqual(['published', 'published', 'sent']);
    expect(t.fake.submits[0]?.command).toMatchObject({
      images: ['https://mj.example/1.png', 'https://mj.example/2.png'],
    });
  });

  it('asks for nothing where there are no pictures', async () => {
    expect(await send(await opened(), COMMAND)).toMatchObject({ kind: 'accepted' });
    expect(log).toEqual(['sent']);
  });

  it.each([
    ['an outage of the database', new DatabaseUnavailableError('away')],
    ['a fault of the store', new InputsUnavailableError('store')],
    ['what nobody foresaw', new Error('unforeseen')],
  ])('is not made after %s: the task waits, with its pictures', async (_, error) => {
    fault = error;
    const task = await opened();
    expect(await send(task)).toEqual({ kind: 'nothing_done', fault: 'connect' });
    expect(log).toEqual(['published']);
    expect(await rig.row(task.id)).toMatchObject({ waiting: true, status: 'NOT_START' });
    const [row] = await rig.sql<{ text: string }>(
      `select convert_from(body, 'utf8') as text from task_input where task_id = $1`,
      [task.id],
    );
    expect(row?.text).toContain(PICTURE);
    expect(row?.text).not.toContain('mj.example');
  });

  it('is not made with a mask that cannot be read, which the refusal names', async () => {
    const task = await opened();
    const modal = { ...COMMAND, kind: 'modal', upstreamTaskId: 'up-0', prompt: '', mask: PICTURE } as SubmitCommand;
    expect(await send(task, modal)).toEqual({ kind: 'refused', code: 4, words: 'The mask cannot be read' });
    expect(log).toEqual([]);
    expect(await rig.balance(t.apiKeyId)).toBe(10);
  });

  it('is not made where the preparation took so long that look-ups may begin', async () => {
    const task = await opened();
    const [began, now] = [performance.now(), performance.now.bind(performance)];
    jest.spyOn(performance, 'now').mockImplementation(() => (log.length > 0 ? now() + 20_000 : began));
    expect(await send(task)).toEqual({ kind: 'nothing_done', fault: 'connect' });
    expect(log).toEqual(['published', 'published']);
    expect(await rig.row(task.id)).toMatchObject({ waiting: true });
  });

  it('of an upload ends here, and no upstream is asked', async () => {
    const task = await opened();
    const upload = { ...COMMAND, kind: 'upload', images: [PICTURE] } as SubmitCommand;
    expect(await send(task, upload, { mayWait: false })).toEqual({
      kind: 'uploaded',
      urls: ['https://mj.example/1.png'],
    });
    expect(log).toEqual(['published']);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUCCESS' });
  });
});
