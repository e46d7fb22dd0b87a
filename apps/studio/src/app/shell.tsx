import { Unplug } from 'lucide';
import { useLocation } from 'preact-iso';
import type { ComponentChildren, VNode } from 'preact';
import { connection } from '../api/connection.ts';
import { STUDIO_PATH } from '../api/gateway-url.ts';
import { Icon } from '../components/icon.tsx';
import { AccountPanel } from './account-panel.tsx';
import { pagePath, PAGES } from './pages.ts';
import { useReconnect } from './reconnect.ts';
import type { Session } from './session.ts';
import styles from './shell.module.css';
import { strings } from './strings.ts';

/** The frame around every page: navigation, account, and a banner while the gateway is out of reach. */
export function Shell({ session, children }: { session: Session; children: ComponentChildren }): VNode {
  const texts = strings.value;
  const { path } = useLocation();
  const shown = PAGES.filter(({ isFor }) => isFor(session));
  return (
    <div class={styles['shell']}>
      <a class={styles['skip']} href="#content" onClick={skipToContent}>
        {texts.skip}
      </a>
      <header class={styles['side']}>
        <a class={styles['brand']} href={pagePath('create')} aria-label={texts.name}>
          <img src={`${STUDIO_PATH}/icon.svg`} alt="" />
          <span>Journeyman</span>
        </a>
        <nav aria-label={texts.mainNavigation}>
          <ul class={styles['links']}>
            {shown.map(({ name, icon }) => {
              const href = pagePath(name);
              const isHere = path === href || path.startsWith(`${href}/`);
              return (
                <li key={name}>
                  <a
                    class={styles['link']}
                    href={href}
                    aria-current={isHere ? 'page' : undefined}
                    title={texts.pages[name]}
                    aria-label={texts.pages[name]}
                  >
                    <Icon node={icon} size={20} />
                    <span>{texts.pages[name]}</span>
                  </a>
                </li>
              );
            })}
          </ul>
        </nav>
        <AccountPanel session={session} />
      </header>
      <div>
        <ConnectionBanner />
        <main id="content" class={styles['main']} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function ConnectionBanner(): VNode | null {
  useReconnect();
  if (connection.value === 'online') return null;
  const { offline, databaseAway } = strings.value;
  return (
    <p class={styles['banner']} role="status">
      <Icon node={Unplug} />
      {connection.value === 'offline' ? offline : databaseAway}
    </p>
  );
}
