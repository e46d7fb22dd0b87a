import { tobSimulatorBench, YOUCHUAN } from './tob-simulator-bench.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';
import { VENDOR_LACKS } from './vendor-lacks.js';

describeUpstreamAdapter('TobAdapter with the simulator of Youchuan', () => tobSimulatorBench(YOUCHUAN), [
  ...VENDOR_LACKS.youchuan,
  'breakage',
]);
