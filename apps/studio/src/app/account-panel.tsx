import { useSignal } from '@preact/signals';
import { BookOpen, Languages, LogOut, Monitor, Moon, Sun, UserRound, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { asFailure } from '../api/failure.ts';
import { gatewayUrl } from '../api/gateway-url.ts';
import { Button, ButtonLink, IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { toastFailure } from '../components/toasts.tsx';
import { formatCredits } from '../i18n/format.ts';
import { chooseLanguage, language } from '../i18n/language.ts';
import { account } from './account.ts';
import { KeyChooser } from './key-chooser.tsx';
import { signOut, type Session } from './session.ts';
import styles from './shell.module.css';
import { strings } from './strings.ts';
import { chooseTheme, theme, type Theme } from './theme.ts';
import panel from './account-panel.module.css';

const THEMES: readonly { name: Theme; icon: IconNode }[] = [
  { name: 'system', icon: Monitor },
  { name: 'light', icon: Sun },
  { name: 'dark', icon: Moon },
];

const leave = (): void => void signOut().catch((error: unknown) => toastFailure(asFailure(error)));

/** At the foot of the navigation: who is signed in, and the window with what can be set. */
export function AccountPanel({ session }: { session: Session }): VNode {
  const isOpen = useSignal(false);
  const texts = strings.value;
  return (
    <div class={styles['account']}>
      <div class={styles['who']}>
        <strong class="truncate">{session.keyName ?? (session.role === 'admin' ? texts.admin : '')}</strong>
        <Credits />
      </div>
      <div class={styles['tools']}>
        <IconButton icon={Languages} label={language.value === 'en' ? '中文' : 'English'} onClick={switchLanguage} />
        <IconButton
          icon={theme.value === 'dark' ? Moon : theme.value === 'light' ? Sun : Monitor}
          label={`${texts.theme.label}: ${texts.theme[theme.value]}`}
          onClick={switchTheme}
        />
        <span class={styles['menuButton']}>
          <IconButton icon={UserRound} label={texts.account} onClick={() => (isOpen.value = true)} />
        </span>
        <IconButton icon={UserRound} label={texts.account} onClick={() => (isOpen.value = true)} />
      </div>
      {isOpen.value && <AccountDialog session={session} onClose={() => (isOpen.value = false)} />}
    </div>
  );
}

function switchLanguage(): void {
  chooseLanguage(language.value === 'en' ? 'zh' : 'en');
}

function switchTheme(): void {
  const at = THEMES.findIndex(({ name }) => name === theme.value);
  chooseTheme(THEMES[(at + 1) % THEMES.length]?.name ?? 'system');
}

function Credits(): VNode | null {
  const now = account.value;
  if (now === null) return null;
  const { creditsLeft, unlimited } = strings.value;
  return <span class="soft numeric">{now.credits === null ? unlimited : creditsLeft(formatCredits(now.credits))}</span>;
}

function AccountDialog({ session, onClose }: { session: Session; onClose: () => void }): VNode {
  const texts = strings.value;
  return (
    <Dialog
      title={texts.account}
      onClose={onClose}
      actions={
        <Button icon={LogOut} onClick={leave}>
          {texts.signOut}
        </Button>
      }
    >
      <div class={panel['settings']}>
        <p>
          <strong>{session.role === 'admin' ? texts.admin : session.keyName}</strong> <Credits />
        </p>
        {session.role === 'admin' && <KeyChooser session={session} />}
        <fieldset class={panel['choices']}>
          <legend>{texts.language}</legend>
          <Button
            aria-pressed={language.value === 'en'}
            kind={language.value === 'en' ? 'primary' : 'plain'}
            onClick={() => chooseLanguage('en')}
          >
            English
          </Button>
          <Button
            aria-pressed={language.value === 'zh'}
            kind={language.value === 'zh' ? 'primary' : 'plain'}
            onClick={() => chooseLanguage('zh')}
          >
            中文
          </Button>
        </fieldset>
        <fieldset class={panel['choices']}>
          <legend>{texts.theme.label}</legend>
          {THEMES.map(({ name, icon }) => (
            <Button
              key={name}
              icon={icon}
              aria-pressed={theme.value === name}
              kind={theme.value === name ? 'primary' : 'plain'}
              onClick={() => chooseTheme(name)}
            >
              {texts.theme[name]}
            </Button>
          ))}
        </fieldset>
        <ButtonLink kind="quiet" icon={BookOpen} href={gatewayUrl('/docs')} target="_blank">
          {texts.apiDocs}
        </ButtonLink>
      </div>
    </Dialog>
  );
}
