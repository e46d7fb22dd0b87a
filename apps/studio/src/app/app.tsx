import { KeyRound } from 'lucide';
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { STUDIO_PATH } from '../api/gateway-url.ts';
import { ButtonLink } from '../components/button.tsx';
import { EmptyState, FailedState } from '../components/states.tsx';
import { Toasts } from '../components/toasts.tsx';
import { refreshAccount } from './account.ts';
import { KeyChooser } from './key-chooser.tsx';
import { lazyPage } from './lazy-page.tsx';
import { pagePath, PAGES, type PageName } from './pages.ts';
import { openSession, session, type Session } from './session.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { strings } from './strings.ts';

const CreatePage = lazyPage(() => import('../pages/create/create-page.tsx').then((module) => module.CreatePage));
const GalleryPage = lazyPage(() => import('../pages/gallery/gallery-page.tsx').then((module) => module.GalleryPage));
const TasksPage = lazyPage(() => import('../pages/tasks/tasks-page.tsx').then((module) => module.TasksPage));
const OperationPage = lazyPage(() =>
  import('../pages/operation/operation-page.tsx').then((module) => module.OperationPage),
);
const SqlPage = lazyPage(() => import('../pages/sql/sql-page.tsx').then((module) => module.SqlPage));

/** Studio as a whole: nothing is drawn before it is known who is signed in. */
export function App(): VNode {
  useEffect(() => void openSession(), []);
  return (
    <>
      <Content />
      <Toasts />
    </>
  );
}

function Content(): VNode | null {
  const now = session.value;
  switch (now.kind) {
    case 'unknown':
      return null;
    case 'unreachable':
      return <FailedState failure={now.failure} onRetry={() => void openSession()} />;
    case 'signed-out':
      return <SignIn isTicketSpent={now.isTicketSpent} />;
    case 'signed-in':
      return <Pages session={now.session} />;
  }
}

function Pages({ session }: { session: Session }): VNode {
  useEffect(() => {
    if (session.keyId !== null) void refreshAccount();
  }, [session.keyId]);
  return (
    <LocationProvider scope={STUDIO_PATH}>
      <Shell session={session}>
        {/* Another key's work is another page: nothing of the former stays. */}
        <Router key={session.keyId} onRouteChange={nameTab}>
          <Route path={STUDIO_PATH} component={ToCreate} />
          <Route path={pagePath('create')} component={withKey(session, CreatePage)} />
          <Route path={`${pagePath('gallery')}/:id?`} component={withKey(session, GalleryPage)} />
          <Route path={`${pagePath('tasks')}/:id?`} component={only('tasks', session, TasksPage)} />
          <Route path={`${pagePath('operation')}/:part?`} component={only('operation', session, OperationPage)} />
          <Route path={pagePath('sql')} component={only('sql', session, SqlPage)} />
          <Route default component={NotFound} />
        </Router>
      </Shell>
    </LocationProvider>
  );
}

/** Pages with a heading name the tab by it; those without one leave this name. */
function nameTab(): void {
  document.title = strings.value.name;
}

function only(name: PageName, session: Session, page: () => VNode): () => VNode {
  return PAGES.find((entry) => entry.name === name)?.isFor(session) === true ? page : AdminOnly;
}

/** Pages of the work of one key wait until an admin has chosen whose. */
function withKey(session: Session, page: () => VNode): () => VNode {
  return session.keyId === null ? KeyNeeded : page;
}

function KeyNeeded(): VNode {
  const now = session.value;
  const { keyNeeded, keyNeededText } = strings.value;
  return (
    <EmptyState icon={KeyRound} title={keyNeeded} text={keyNeededText}>
      {now.kind === 'signed-in' && <KeyChooser session={now.session} />}
    </EmptyState>
  );
}

function ToCreate(): VNode | null {
  const { route } = useLocation();
  useEffect(() => route(pagePath('create'), true), []);
  return null;
}

function AdminOnly(): VNode {
  const { adminOnly, adminOnlyText } = strings.value;
  return <EmptyState title={adminOnly} text={adminOnlyText} />;
}

function NotFound(): VNode {
  const { notFound, backToCreate } = strings.value;
  return (
    <EmptyState title={notFound}>
      <ButtonLink kind="primary" href={pagePath('create')}>
        {backToCreate}
      </ButtonLink>
    </EmptyState>
  );
}
