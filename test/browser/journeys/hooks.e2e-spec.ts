import { HookReceiver } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';
import { describeInBrowser } from '../support/chromium.js';
import { shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

describeInBrowser('A hook', () => {
  const { rig } = useStudio();
  let receiver: HookReceiver;
  beforeAll(async () => (receiver = await HookReceiver.start()));
  afterAll(() => receiver.close());

  it('is sent again from the drawer of its task', async () => {
    const id = await rig().imagine('a postman in the rain', { notifyHook: `${receiver.url}/hook` });
    const ends = (): number => receiver.of(id).filter(({ task }) => task.status === 'SUCCESS').length;
    await until('the hook of the end', () => (ends() > 0 ? true : null));
    const sent = ends();

    const page = await rig().open('tasks');
    await page.getByRole('table').getByText('a postman in the rain').click();
    const drawer = await shown(page.getByRole('dialog'));
    await drawer.getByRole('tab', { name: 'Hooks' }).click();
    await shown(drawer.getByText('Delivered').first());
    const tries = await drawer.getByRole('table').getByRole('row').count();
    await drawer.getByRole('button', { name: 'Resend' }).click();
    await shown(page.getByText('The hook is due now.'));
    await until('the hook once more', () => (ends() > sent ? true : null));
    await shown(drawer.getByRole('table').getByRole('row').nth(tries));
  });
});
