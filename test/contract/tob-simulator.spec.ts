import type { Snapshot, Work } from '#libs/upstream';
import { actionWork, command, imagineWork, type ActionWork } from '../../libs/upstream/test/commands.js';
import { LEGNEXT, tobSimulatorBench, YOUCHUAN } from './tob-simulator-bench.js';
import { endOf, useBench } from './use-bench.js';

describe.each([YOUCHUAN, LEGNEXT])('TobAdapter with the simulator of $kind', (vendor) => {
  const bench = useBench(() => tobSimulatorBench(vendor));
  let marks = 6_240_000_000_000_900;

  async function done(work: Work): Promise<Snapshot> {
    marks += 1;
    const outcome = await bench.adapter.submit(bench.target, command(work), bench.context(`jm:${marks}`));
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    return endOf(bench, outcome.upstreamTaskIds[0]);
  }

  const grid = (flags: string): Promise<Snapshot> => done(imagineWork(`a lighthouse ${flags} [sim:small]`));

  /** Presses a button of a task, with what its window was told. */
  function press(
    { upstreamTaskId }: Snapshot,
    customId: string,
    version: string,
    confirmed: Partial<ActionWork> = {},
  ): Promise<Snapshot> {
    const parent = { prompt: `a lighthouse ${version}`, seed: null };
    return done(actionWork({ upstreamTaskId, customId, parent, ...confirmed }));
  }

  it.each(['--v 7', '--v 8.1'])('every button of a picture of %s begins work that succeeds', async (version) => {
    const four = await grid(version);
    const one = await press(four, `MJ::JOB::upsample::2::${four.upstreamTaskId}`, version);
    expect(one).toMatchObject({ status: 'SUCCESS', imageUrl: four.imageUrls[1] });
    const { picture: mask } = await bench.picture('#fff');
    expect(one.buttons.length).toBeGreaterThan(7);
    for (const { customId } of one.buttons) {
      const confirmed = { confirmedPrompt: 'a windmill', mask };
      const window = /Inpaint|CustomZoom|remix_/.test(customId) ? confirmed : {};
      await expect(press(one, customId, version, window)).resolves.toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('clips are picked, extended and enlarged', async () => {
    const four = await grid('--v 7');
    const film = await press(four, `MJ::JOB::animate_low::3::${four.upstreamTaskId}`, '--v 7');
    expect(film.videoUrls).toHaveLength(4);
    const clip = await press(film, `MJ::JOB::video_virtual_upscale::2::${film.upstreamTaskId}`, '--v 7');
    expect(clip.videoUrls).toEqual([film.videoUrls[1]]);
    for (const { customId } of clip.buttons) {
      await expect(press(clip, customId, '--v 7')).resolves.toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('a picture that was moderated away keeps its place', async () => {
    const four = await done(imagineWork('a fox --v 7 [sim:small] [sim:withhold=2]'));
    expect(four.imageUrls.map((link) => link === null)).toEqual([false, true, false, false]);
    expect(four.imageUrl).toBeNull();
    expect(four.buttons.map(({ label }) => label)).toEqual(['U1', 'U3', 'U4', '', 'V1', 'V3', 'V4']);
  });
});
