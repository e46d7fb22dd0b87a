import { tobSimulatorBench, YOUCHUAN } from './tob-simulator-bench.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

describeUpstreamAdapter('TobAdapter with the simulator of Youchuan', () => tobSimulatorBench(YOUCHUAN), [
  'describe',
  'shorten',
  'swap',
  'upload',
  'no_account',
  'exists',
  'mark',
  'batches',
  'upstream-window',
  'cancel',
  'complete-list',
  'breakage',
]);
