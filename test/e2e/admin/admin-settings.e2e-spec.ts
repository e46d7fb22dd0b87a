import type { AuditEntryDto } from '../../../apps/gateway/src/admin/audit/audit.dto.js';
import type { BannedWordsView } from '../../../apps/gateway/src/admin/settings/banned-word.dto.js';
import type { PriceDto } from '../../../apps/gateway/src/admin/settings/price.dto.js';
import type { SlaTargetDto } from '../../../apps/gateway/src/admin/settings/sla.dto.js';
import type { TaskDossierDto } from '../../../apps/gateway/src/admin/tasks/admin-task.dto.js';
import { PriceList } from '../../../libs/access/src/index.js';
import { ADMIN_KEY, expectProblem, type AdminAnswer } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

describe('settings through the admin API', () => {
  const { gateway, admin } = useGateway({ environment: { ADMIN_KEY } });

  describe('prices', () => {
    let seeded: PriceDto[];

    beforeAll(async () => {
      seeded = (await admin.get<PriceDto[]>('/prices')).json;
    });

    afterAll(async () => {
      await admin.put<PriceDto[]>('/prices', seeded);
    });

    it('are those of the migration at first', () => {
      expect(seeded).toContainEqual({ action: 'IMAGINE', mode: 'FAST', price: '0.100000' });
      expect(seeded).toContainEqual({ action: 'VIDEO', mode: 'TURBO', price: '1.600000' });
      expect(seeded).toContainEqual({ action: 'VIDEO_UPSCALE', mode: 'RELAX', price: '0.200000' });
      expect(seeded).toHaveLength(75);
    });

    it('are replaced as a whole, and hold for submits', async () => {
      const answer = await admin.put<PriceDto[]>('/prices', [
        { action: 'imagine', mode: 'fast', price: '0.25' },
        { action: '*', mode: '*', price: 1 },
        { action: 'VIDEO', mode: 'TURBO', price: '1000000' },
      ]);
      expect(answer).toMatchObject({
        status: 200,
        json: [
          { action: '*', mode: '*', price: '1.000000' },
          { action: 'IMAGINE', mode: 'FAST', price: '0.250000' },
          { action: 'VIDEO', mode: 'TURBO', price: '1000000.000000' },
        ],
      });
      expect((await admin.get<PriceDto[]>('/prices')).json).toEqual(answer.json);
      const prices = gateway.app.get(PriceList);
      await until('the new list', async () => ((await prices.priceOf('VIDEO', 'RELAX')) === '1.000000' ? true : null));
      const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'priced' });
      expect((await admin.get<TaskDossierDto>(`/tasks/${json.result}`)).json.task).toMatchObject({ price: '0.250000' });
      expect(await admin.all<AuditEntryDto>('/audit?target=prices')).toMatchObject([
        {
          route: 'PUT /admin/prices',
          detail: { prices: expect.arrayContaining([{ action: '*', mode: '*', price: '1' }]) },
        },
      ]);
    });

    it('are not touched by a list with a mistake in it', async () => {
      const before = (await admin.get<PriceDto[]>('/prices')).json;
      const good = { action: 'IMAGINE', mode: 'FAST', price: '1' };
      expectProblem(await admin.put<PriceDto[]>('/prices', [good, { ...good, price: '2' }]), 400, 'field_is_invalid', [
        '[1]',
      ]);
      expectProblem(
        await admin.put<PriceDto[]>('/prices', [good, { action: 'FLY', mode: 'SLOW', price: '-1', x: 1 }]),
        400,
        'field_is_invalid',
        ['[1].action', '[1].mode', '[1].price', '[1].x'],
      );
      for (const price of [
        '1000000.000001',
        1_000_001,
        '999999999999',
        '1e3',
        '0.1234567',
        '1234567890123',
        '',
        null,
        '0x1',
        ' 1',
        {},
        1e-7,
        -0.5,
      ]) {
        expectProblem(await admin.put<PriceDto[]>('/prices', [{ ...good, price }]), 400, 'field_is_invalid', [
          '[0].price',
        ]);
      }
      expectProblem(await admin.put<PriceDto[]>('/prices', [null]), 400, 'field_is_invalid', ['[0]']);
      expectProblem(await admin.put<PriceDto[]>('/prices', Array(201).fill(good)), 400, 'field_is_invalid');
      expect((await admin.get<PriceDto[]>('/prices')).json).toEqual(before);
      expect(await admin.all<AuditEntryDto>('/audit?target=prices')).toHaveLength(1);
    });

    it('survive two replacements at once as one of them', async () => {
      const list = (price: string): object[] =>
        ['RELAX', 'FAST', 'TURBO'].map((mode) => ({ action: '*', mode, price }));
      await Promise.all([
        admin.put<PriceDto[]>('/prices', list('1.000000')),
        admin.put<PriceDto[]>('/prices', list('2.000000')),
      ]);
      const { json } = await admin.get<PriceDto[]>('/prices');
      expect(json).toHaveLength(3);
      expect(new Set(json.map(({ price }: { price: string }) => price)).size).toBe(1);
    });
  });

  describe('targets', () => {
    it('are replaced as a whole', async () => {
      expect((await admin.get<SlaTargetDto[]>('/sla')).json).toEqual([
        { mode: 'TURBO', targetSeconds: 60, targetRatio: 0.95 },
        { mode: 'FAST', targetSeconds: 120, targetRatio: 0.95 },
        { mode: 'RELAX', targetSeconds: 900, targetRatio: 0.9 },
      ]);
      const targets = [
        { mode: 'FAST', targetSeconds: 90, targetRatio: 0.9975 },
        { mode: 'RELAX', targetSeconds: 600, targetRatio: 1 },
      ];
      expect((await admin.put<SlaTargetDto[]>('/sla', targets)).json).toEqual(targets);
      expect(await admin.all<AuditEntryDto>('/audit?target=sla')).toMatchObject([
        { route: 'PUT /admin/sla', detail: { targets } },
      ]);
    });

    it('are refused where they are none', async () => {
      const good = { mode: 'FAST', targetSeconds: 90, targetRatio: 0.5 };
      const wrong: [object, string][] = [
        [{ mode: '*' }, 'mode'],
        [{ targetSeconds: 0 }, 'targetSeconds'],
        [{ targetSeconds: 1.5 }, 'targetSeconds'],
        [{ targetRatio: 0 }, 'targetRatio'],
        [{ targetRatio: 1.1 }, 'targetRatio'],
        [{ targetRatio: 0.12345 }, 'targetRatio'],
        [{ targetRatio: 'most' }, 'targetRatio'],
        [{ targetRatio: null }, 'targetRatio'],
      ];
      for (const [change, field] of wrong) {
        expectProblem(await admin.put<SlaTargetDto[]>('/sla', [{ ...good, ...change }]), 400, 'field_is_invalid', [
          `[0].${field}`,
        ]);
      }
      expectProblem(await admin.put<SlaTargetDto[]>('/sla', [good, good]), 400, 'field_is_invalid', ['[1]']);
    });
  });

  describe('banned words', () => {
    it('are replaced as a whole, in lower case, and keep their date', async () => {
      expect((await admin.get<BannedWordsView>('/banned-words')).json).toEqual({ words: [] });
      const first = await admin.put<BannedWordsView>('/banned-words', {
        words: [{ word: ' Gore ', note: 'policy 3' }, { word: 'blood' }],
      });
      expect(first).toMatchObject({
        status: 200,
        json: {
          words: [
            { word: 'blood', note: '' },
            { word: 'gore', note: 'policy 3' },
          ],
        },
      });
      const second = await admin.put<BannedWordsView>('/banned-words', { words: [{ word: 'gore', note: 'policy 4' }] });
      expect(second.json.words).toEqual([{ ...first.json.words[1], note: 'policy 4' }]);
      expect(await admin.all<AuditEntryDto>('/audit?target=banned-words')).toHaveLength(2);
    });

    it('are refused where they are none', async () => {
      const put = (words: unknown): Promise<AdminAnswer<unknown>> =>
        admin.put<BannedWordsView>('/banned-words', { words });
      expectProblem(await put('gore'), 400, 'field_is_invalid', ['words']);
      expectProblem(await put([{ word: '' }]), 400, 'field_is_invalid', ['words[0].word']);
      expectProblem(await put([{ word: 'x', why: 'y' }]), 400, 'field_is_invalid', ['words[0].why']);
      expectProblem(await put([{ word: 'Gore' }, { word: 'gore' }]), 400, 'field_is_invalid', ['words[1].word']);
      expectProblem(await put(['gore']), 400, 'field_is_invalid', ['words[0]']);
      const none = await admin.put<BannedWordsView>('/banned-words', {});
      expectProblem(none, 400, 'field_is_invalid', ['words']);
      expect(none.json).toMatchObject({ errors: [{ field: 'words', message: expect.stringContaining('missing') }] });
      expect((await put('gore')).json).toMatchObject({ errors: [{ message: 'must be a list' }] });
      for (const unseen of ['\u200b', '\u200d\u2060', '\ufe0f', '\u3164', '\u00ad \u2800', '\u{e0041}', '\u0007']) {
        expectProblem(await put([{ word: unseen }]), 400, 'field_is_invalid', ['words[0].word']);
      }
      expect((await admin.get<BannedWordsView>('/banned-words')).json.words).toHaveLength(1);
    });
  });
});
