import { LEGNEXT, tobSimulatorBench } from './tob-simulator-bench.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';
import { VENDOR_LACKS } from './vendor-lacks.js';

describeUpstreamAdapter('TobAdapter with the simulator of LegNext', () => tobSimulatorBench(LEGNEXT), [
  ...VENDOR_LACKS.legnext,
  'breakage',
]);
