/** @jest-environment jsdom */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { aDelivery, aDossier } from '../../../../test/task-dossier.ts';
import { chooseLanguage } from '../../../i18n/language.ts';
import { AdminActionDialog } from './admin-action-dialog.tsx';
import type { Dossier } from './dossier.ts';

interface Sent {
  path: string;
  body: unknown;
}

const OPEN = { status: 'IN_PROGRESS', finishedAt: null } as const;

/** Answers every call alike. @returns what was sent */
function answering(status: number, body: unknown): Sent[] {
  const sent: Sent[] = [];
  globalThis.fetch = ((url: URL, init: RequestInit) => {
    sent.push({ path: url.pathname, body: JSON.parse(init.body as string) });
    const answer = { ok: status < 400, status, headers: new Headers(), json: () => Promise.resolve(body) };
    return Promise.resolve(answer as Response);
  }) as typeof fetch;
  return sent;
}

function show(action: 'fail' | 'refund', dossier: Dossier): string[] {
  const calls: string[] = [];
  render(
    <AdminActionDialog
      action={action}
      dossier={dossier}
      onClose={() => calls.push('closed')}
      onChanged={() => calls.push('changed')}
    />,
  );
  return calls;
}

function write(text: string): void {
  fireEvent.input(screen.getByRole('textbox', { hidden: true }), { target: { value: text } });
}

const press = (name: RegExp): void => void fireEvent.click(screen.getByRole('button', { name, hidden: true }));

describe('AdminActionDialog', () => {
  const before = { fetch: globalThis.fetch, showModal: HTMLDialogElement.prototype.showModal };
  beforeEach(() => {
    chooseLanguage('en');
    HTMLDialogElement.prototype.showModal = function show() {
      this.open = true;
    };
  });
  afterEach(() => {
    cleanup();
    globalThis.fetch = before.fetch;
    HTMLDialogElement.prototype.showModal = before.showModal;
  });

  it('says what failing does, and wants a reason', async () => {
    const sent = answering(200, {});
    const calls = show('fail', aDossier({ task: OPEN, delivery: aDelivery() }));
    expect(screen.getByText('0.1 credits go back to the key bob.')).toBeTruthy();
    expect(screen.getByText('shop.example:443 is told by its hook.')).toBeTruthy();
    press(/Fail the task/);
    expect(sent).toEqual([]);
    write(' stopped by hand ');
    press(/Fail the task/);
    await waitFor(() => expect(calls).toEqual(['changed', 'closed']));
    expect(sent).toEqual([{ path: '/admin/tasks/6236515266734202/fail', body: { reason: 'stopped by hand' } }]);
  });

  it('knows the receiver of a hook that was not due yet, and says when nobody is told', () => {
    show('fail', aDossier({ task: { ...OPEN, notifyHook: 'https://shop.example/hook?token=1' } }));
    expect(screen.getByText('shop.example is told by its hook.')).toBeTruthy();
    cleanup();
    show('fail', aDossier({ task: OPEN }));
    expect(screen.getByText('No hook was asked for, so nobody is told.')).toBeTruthy();
  });

  it.each([
    ['fail', 'It has ended meanwhile. Nothing was changed.', /Fail the task/],
    ['refund', 'There is nothing to give back: it costs nothing, or it was refunded already.', /Give 0.1 back/],
  ] as const)('says in words why it cannot %s any more, and has the task read again', async (action, text, button) => {
    answering(409, { type: 'urn:journeyman:problem:state_forbids', title: 'Conflict' });
    const calls = show(action, aDossier());
    write('again');
    press(button);
    await waitFor(() => expect(screen.getByRole('alert', { hidden: true }).textContent).toBe(text));
    expect(calls).toEqual(['changed']);
  });
});
