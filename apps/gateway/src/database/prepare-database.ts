import type { ApiKeyCache } from '#libs/access';
import type { WebhookSecrets } from '#libs/hooks';
import type { EnvUpstreams } from '#libs/upstream';
import type { Environment } from '../config/environment.js';

/** Name of the upstream that quickstart provides. */
export const SIMULATOR = 'simulator';
const DEFAULT = 'default';

/** Makes the key that the environment names exist as a row. Safe to run by several replicas at once. */
export async function prepareKey(
  { API_KEY, WEBHOOK_SECRET }: Environment,
  keys: ApiKeyCache,
  webhooks: WebhookSecrets,
): Promise<void> {
  if (API_KEY === null) return;
  const { id } = await keys.ensure('default', API_KEY);
  if (WEBHOOK_SECRET !== null) await webhooks.ensure(id, WEBHOOK_SECRET);
}

/** Makes the upstreams that the environment names exist as rows. Safe to run by several replicas at once. */
export async function prepareUpstreams(environment: Environment, envUpstreams: EnvUpstreams): Promise<void> {
  const {
    UPSTREAM_URL,
    UPSTREAM_KIND,
    UPSTREAM_SECRET,
    UPSTREAM_MAX_CONCURRENT,
    QUICKSTART_SIMULATOR_URL,
    QUICKSTART_SIMULATOR_SECRET,
  } = environment;
  if (UPSTREAM_URL !== null) {
    await envUpstreams.ensure({
      name: DEFAULT,
      kind: UPSTREAM_KIND,
      baseUrl: UPSTREAM_URL,
      secret: UPSTREAM_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
      reenable: false,
    });
  }
  if (QUICKSTART_SIMULATOR_URL !== null && !(await envUpstreams.hasOthers(SIMULATOR))) {
    await envUpstreams.ensure({
      name: SIMULATOR,
      kind: 'midjourney-proxy',
      baseUrl: QUICKSTART_SIMULATOR_URL,
      secret: QUICKSTART_SIMULATOR_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
      reenable: true,
    });
  }
  await envUpstreams.disableIfOthers(SIMULATOR);
}
