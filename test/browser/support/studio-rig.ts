import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { TestGateway, type GatewayOptions } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { launchChromium } from './chromium.js';
import { openWatchedPage, type WatchedPage } from './watched-page.js';

/** How long an imagine of the simulator runs, ms. */
const RUN_MS = 600;

export interface PageOptions {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  language?: 'en' | 'zh';
  /** Whose key signs in; the default is the admin, who works as the gateway's own key. */
  signedInAs?: 'admin' | 'client' | 'nobody';
}

export interface RigOptions extends Pick<GatewayOptions, 'databaseVia'> {
  /** Further environment variables of the gateway. */
  environment?: Record<string, string>;
  /** How long an imagine of the simulator runs, ms. */
  runMs?: number;
}

/** A gateway with the simulator behind it, and a browser in front of it. */
export class StudioRig {
  private readonly contexts: BrowserContext[] = [];
  private readonly watched: WatchedPage[] = [];

  private constructor(
    readonly gateway: TestGateway,
    readonly simulator: Simulator,
    readonly admin: AdminClient,
    readonly browser: Browser,
    /** Where the simulator keeps what it accepted. */
    readonly folder: string,
  ) {}

  static async start({ environment = {}, runMs = RUN_MS, ...gatewayOptions }: RigOptions = {}): Promise<StudioRig> {
    const folder = await mkdtemp(join(tmpdir(), 'studio-'));
    const simulator = await startSimulator({ dir: folder, runMs });
    const gateway = await TestGateway.start({
      upstreamUrl: simulator.url,
      isPublic: true,
      environment: { ADMIN_KEY, ...environment },
      ...gatewayOptions,
    });
    return new StudioRig(gateway, simulator, new AdminClient(gateway), await launchChromium(), folder);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.gateway.close();
    await this.simulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Opens Studio in a browser of its own. @param path below /studio, such as `gallery`, or a whole link */
  async open(path = '', options: PageOptions = {}): Promise<Page> {
    const { width = 1440, height = 900, theme = 'light', language = 'en', signedInAs = 'admin' } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      hasTouch: width < 700,
    });
    this.contexts.push(context);
    if (signedInAs !== 'nobody') await this.signIn(context, signedInAs);
    const watched = await openWatchedPage(context, this.gateway.url);
    this.watched.push(watched);
    await watched.page.goto(new URL(path, `${this.gateway.url}/studio/`).href);
    return watched.page;
  }

  /** What any page did since the last call that no page may do; closes all pages. */
  async closePages(): Promise<string[]> {
    const faults = this.watched.splice(0).flatMap((watched) => watched.faults());
    for (const context of this.contexts.splice(0)) await context.close();
    return faults;
  }

  /** Submits an imagine with the gateway's own key and waits for its end. @returns the task's id */
  async imagine(prompt: string, body: Record<string, unknown> = {}): Promise<string> {
    return this.finished(await this.submit('imagine', { prompt, ...body }));
  }

  /** Submits with the gateway's own key. @returns the task's id */
  async submit(route: string, body: Record<string, unknown>): Promise<string> {
    const { json } = await this.gateway.post(`/mj/submit/${route}`, body);
    if (json['code'] !== 1 && json['code'] !== 21) throw new Error(`The submit was refused: ${JSON.stringify(json)}`);
    return String(json['result']);
  }

  /** Waits until a task has ended. @returns its id */
  async finished(id: string): Promise<string> {
    return until(`the end of task ${id}`, async () => {
      const { json } = await this.gateway.get(`/mj/task/${id}/fetch`);
      return ['SUCCESS', 'FAILURE', 'CANCEL'].includes(String(json['status'])) ? id : null;
    });
  }

  private async signIn(context: BrowserContext, who: 'admin' | 'client'): Promise<void> {
    const url = `${this.gateway.url}/studio/session`;
    const headers = { 'x-journeyman-studio': '1' };
    const data = { key: who === 'admin' ? ADMIN_KEY : this.gateway.key };
    const opened = await context.request.post(url, { headers, data });
    if (!opened.ok()) throw new Error(`Signing in was refused: ${await opened.text()}`);
    if (who === 'client') return;
    const keyId = await this.ownKeyId();
    const chosen = await context.request.patch(url, { headers, data: { keyId } });
    if (!chosen.ok()) throw new Error(`The key was not taken: ${await chosen.text()}`);
  }

  private async ownKeyId(): Promise<string> {
    const { json } = await this.gateway.get<{ keyId: string }>('/mj/account');
    return json.keyId;
  }
}

/** A rig for the tests of one file; after each test no page may have done anything that it may not. */
export function useStudio(options: RigOptions = {}): { rig: () => StudioRig } {
  let started: StudioRig | undefined;
  const rig = (): StudioRig => {
    if (started === undefined) throw new Error('The rig has not started');
    return started;
  };
  beforeAll(async () => {
    started = await StudioRig.start(options);
  });
  afterAll(() => started?.close());
  afterEach(async () => {
    expect(await rig().closePages()).toEqual([]);
  });
  return { rig };
}
