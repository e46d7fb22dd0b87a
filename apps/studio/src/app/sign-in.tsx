import { useSignal } from '@preact/signals';
import { Languages } from 'lucide';
import type { VNode } from 'preact';
import { asFailure, type Failure } from '../api/failure.ts';
import { STUDIO_PATH } from '../api/gateway-url.ts';
import { Button } from '../components/button.tsx';
import { failureText } from '../components/failure-text.ts';
import { TextField } from '../components/field.tsx';
import { chooseLanguage, language } from '../i18n/language.ts';
import { signIn } from './session.ts';
import styles from './sign-in.module.css';
import { strings } from './strings.ts';

/** Where somebody who is not signed in gives a key. @param isTicketSpent whether a one-time link brought them here in vain */
export function SignIn({ isTicketSpent }: { isTicketSpent: boolean }): VNode {
  const texts = strings.value.signIn;
  const key = useSignal('');
  const isBusy = useSignal(false);
  const error = useSignal<Failure | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    error.value = null;
    try {
      await signIn(key.value.trim());
    } catch (thrown) {
      error.value = asFailure(thrown);
      isBusy.value = false;
    }
  };
  return (
    <main class={styles['page']}>
      <form class={styles['card']} onSubmit={(event) => void submit(event)}>
        <p class={styles['brand']}>
          <img src={`${STUDIO_PATH}/icon.svg`} alt="" />
          {strings.value.name}
        </p>
        <h1>{texts.title}</h1>
        {isTicketSpent && (
          <p class={styles['note']}>
            {texts.ticketSpent} <code>npm run admin -- studio-link</code>
          </p>
        )}
        <p class="soft">{texts.text}</p>
        <TextField
          label={texts.key}
          type="password"
          name="key"
          autocomplete="off"
          placeholder={texts.placeholder}
          required
          value={key.value}
          error={error.value === null ? null : reasonOf(error.value)}
          onChange={(value) => void (key.value = value)}
        />
        <Button kind="primary" type="submit" isBusy={isBusy.value} disabled={key.value.trim() === ''}>
          {texts.button}
        </Button>
        <p class={styles['foot']}>
          <Button
            kind="quiet"
            isSmall
            icon={Languages}
            onClick={() => chooseLanguage(language.value === 'en' ? 'zh' : 'en')}
          >
            {language.value === 'en' ? '中文' : 'English'}
          </Button>
        </p>
      </form>
    </main>
  );
}

function reasonOf(failure: Failure): string {
  const { wrong, tooMany } = strings.value.signIn;
  if (failure.status === 401) return wrong;
  if (failure.status === 429) return tooMany(failure.retryAfter ?? 60);
  return failureText(failure);
}
