import { actionWork, command, imagine, imagineWork, videoWork, type VideoWork } from '../../test/commands.js';
import type { Work } from '../port/command.js';
import { unsupported } from './unsupported.js';

const LINK = 'https://images.example.com/a.png';
const TERMS = { defaultVersion: '8.2', modelVersions: null };

const video = (more: Partial<VideoWork>): Work => videoWork({ image: LINK, ...more });
const pressed = (customId: string): Work => actionWork({ upstreamTaskId: 'task_1', customId });

describe('what APIMart can do', () => {
  it.each([
    imagineWork('a fox', [LINK]),
    { kind: 'blend', images: [LINK, LINK, LINK, LINK, LINK], dimensions: 'SQUARE' },
    { kind: 'describe', image: null, link: LINK, language: null },
    { kind: 'edits', prompt: 'a fox', images: [LINK] },
    { kind: 'upload', images: [LINK] },
    video({}),
    pressed('MJ::JOB::upsample::1::a'),
    { kind: 'modal', upstreamTaskId: 'task_1', prompt: 'a fox', mask: null },
  ] as Work[])('%j', (work) => {
    expect(unsupported(TERMS, command(work))).toBeNull();
  });
});

describe('what APIMart cannot do', () => {
  it.each([
    [
      { kind: 'shorten', prompt: 'a fox' },
      { what: 'action', name: 'SHORTEN' },
    ],
    [
      { kind: 'retexture', prompt: 'a fox', images: [LINK] },
      { what: 'action', name: 'RETEXTURE' },
    ],
    [
      { kind: 'swap', source: LINK, target: LINK },
      { what: 'action', name: 'SWAP' },
    ],
    [video({ extend: { upstreamTaskId: 'task_1', index: 0 } }), { what: 'action', name: 'extend' }],
    [video({ image: null }), { what: 'pictures', name: '0' }],
    [video({ videoType: 'vid_9' }), { what: 'parameter', name: 'videoType' }],
    [
      { kind: 'edits', prompt: 'a fox', images: Array(7).fill(LINK) },
      { what: 'pictures', name: '7' },
    ],
    [imagineWork('it runs --video'), { what: 'pictures', name: '0' }],
    [imagineWork('a fox --v 4'), { what: 'version', name: '4' }],
    [imagineWork('a {red, blue} fox'), { what: 'jobs', name: 'permutations' }],
    [imagineWork('a fox --hd --v 7'), { what: 'parameter', name: 'hd' }],
    [
      { kind: 'edits', prompt: 'a fox --niji 5', images: [LINK] },
      { what: 'version', name: 'niji 5' },
    ],
    [pressed('MJ::JOB::animate_low_extend::1::a'), { what: 'action', name: 'VIDEO' }],
    [pressed('MJ::BOOKMARK::a'), { what: 'action', name: 'ACTION' }],
    [pressed('MJ::Job::PicReader::all'), { what: 'jobs', name: 'picreader::all' }],
    [pressed('nothing'), { what: 'action', name: 'ACTION' }],
  ] as [Work, object][])('%j', (work, reason) => {
    expect(unsupported(TERMS, command(work))).toEqual(reason);
  });

  it('is a version that its operator does not name', () => {
    const fox = imagine('a fox --v 8.1');
    expect(unsupported(TERMS, fox)).toBeNull();
    expect(unsupported({ ...TERMS, modelVersions: ['7', '8.2'] }, fox)).toEqual({ what: 'version', name: '8.1' });
  });

  it('is a picture of more than 12 MiB inline, but not by its link', () => {
    const long = `data:image/png;base64,${'A'.repeat(12 * 1024 * 1024)}`;
    const tooLong = { what: 'inputs', name: 'longer than 12 MiB' };
    expect(unsupported(TERMS, imagine('a fox', [LINK, long]))).toEqual(tooLong);
    expect(unsupported(TERMS, command(video({ endImage: long })))).toEqual(tooLong);
    expect(unsupported(TERMS, command({ kind: 'modal', upstreamTaskId: 'task_1', prompt: '', mask: long }))).toEqual(
      tooLong,
    );
  });
});
