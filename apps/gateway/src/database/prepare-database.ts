import type { KeyStore } from '#libs/access';
import type { WebhookSecrets } from '#libs/hooks';
import type { UpstreamRegistry } from '#libs/upstream';
import type { Environment } from '../config/environment.js';

/** The stand-in of quickstart. */
export const SIMULATOR = 'simulator';
const DEFAULT = 'default';

interface Parts {
  keys: KeyStore;
  registry: UpstreamRegistry;
  webhooks: WebhookSecrets;
}

/** Makes the key and the upstream that the environment names exist as rows. Safe to run by several replicas at once. */
export async function prepareDatabase(environment: Environment, { keys, registry, webhooks }: Parts): Promise<void> {
  const {
    API_KEY,
    WEBHOOK_SECRET,
    UPSTREAM_URL,
    UPSTREAM_SECRET,
    UPSTREAM_MAX_CONCURRENT,
    QUICKSTART_SIMULATOR_URL,
    QUICKSTART_SIMULATOR_SECRET,
  } = environment;
  if (API_KEY !== null) {
    const { id } = await keys.ensure('default', API_KEY);
    if (WEBHOOK_SECRET !== null) await webhooks.ensure(id, WEBHOOK_SECRET);
  }
  if (UPSTREAM_URL !== null) {
    await registry.ensure({
      name: DEFAULT,
      baseUrl: UPSTREAM_URL,
      secret: UPSTREAM_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
      reenable: false,
    });
  }
  if (QUICKSTART_SIMULATOR_URL !== null && !(await registry.hasOthers(SIMULATOR))) {
    await registry.ensure({
      name: SIMULATOR,
      baseUrl: QUICKSTART_SIMULATOR_URL,
      secret: QUICKSTART_SIMULATOR_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
      reenable: true,
    });
  }
  await registry.disableIfOthers(SIMULATOR);
}
