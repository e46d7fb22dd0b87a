import type { KeyStore } from '#libs/access';
import type { UpstreamRegistry } from '#libs/upstream';
import type { Environment } from './config/environment.js';

const SIMULATOR = 'simulator';
const DEFAULT = 'default';

/** Makes the key and the upstream that the environment names exist as rows. Safe to run by several replicas at once. */
export async function prepareDatabase(
  environment: Environment,
  keys: KeyStore,
  registry: UpstreamRegistry,
): Promise<void> {
  const {
    API_KEY,
    UPSTREAM_URL,
    UPSTREAM_SECRET,
    UPSTREAM_MAX_CONCURRENT,
    QUICKSTART_SIMULATOR_URL,
    QUICKSTART_SIMULATOR_SECRET,
  } = environment;
  if (API_KEY !== null) await keys.ensure('default', API_KEY);
  if (UPSTREAM_URL !== null) {
    await registry.ensure({
      name: DEFAULT,
      baseUrl: UPSTREAM_URL,
      secret: UPSTREAM_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
    });
  }
  if (QUICKSTART_SIMULATOR_URL !== null && !(await registry.hasOthers(SIMULATOR))) {
    await registry.ensure({
      name: SIMULATOR,
      baseUrl: QUICKSTART_SIMULATOR_URL,
      secret: QUICKSTART_SIMULATOR_SECRET,
      maxConcurrent: UPSTREAM_MAX_CONCURRENT,
    });
  }
  await registry.disableIfOthers(SIMULATOR);
}
