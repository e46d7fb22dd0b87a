import { LEGNEXT, tobSimulatorBench } from './tob-simulator-bench.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

describeUpstreamAdapter('TobAdapter with the simulator of LegNext', () => tobSimulatorBench(LEGNEXT), [
  'swap',
  'upload',
  'no_account',
  'exists',
  'batches',
  'upstream-window',
  'cancel',
  'complete-list',
  'breakage',
]);
