import { standIn } from '../../../test/support/stand-in.js';
import { FakeUpstream } from './fake-upstream.js';
import type { Replica } from './replica.js';
import { TrackingRig, type KeyTerms } from './tracking-rig.js';
import type { Candidate } from '#libs/upstream';

/** The objects that each test of a spec starts with. */
export interface TrackingSetUp {
  rig: TrackingRig;
  /** The upstream of the replica. */
  fake: FakeUpstream;
  replica: Replica;
  /** A key of its own for each test. */
  apiKeyId: string;
  up: Candidate;
}

/** The rig of a spec file: opened before its tests, emptied and audited after each of them, closed at the end. */
export function useRig(): TrackingRig {
  let rig: TrackingRig | undefined;
  beforeAll(async () => {
    rig = await TrackingRig.open();
  });
  afterEach(() => rig?.reset());
  afterAll(() => rig?.close());
  return standIn('rig', () => rig);
}

/**
 * A rig, and for each test a key with these terms, an upstream with the given slots, and a replica that works on them.
 */
export function useTracking({ slots = 5, ...terms }: KeyTerms & { slots?: number } = {}): TrackingSetUp {
  const rig = useRig();
  const setUp: Partial<TrackingSetUp> = { rig };
  beforeEach(async () => {
    setUp.fake = new FakeUpstream();
    setUp.apiKeyId = await rig.key(terms);
    setUp.up = await rig.addUpstream(slots);
    setUp.replica = await rig.replica({}, setUp.fake);
  });
  return setUp as TrackingSetUp;
}
