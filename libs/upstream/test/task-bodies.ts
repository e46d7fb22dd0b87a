const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const CDN = `https://cdn.midjourney.com/${JOB}`;

/** A finished grid as novicezk's midjourney-proxy shows it: no buttons, one picture. */
export const NOVICEZK_SUCCESS = {
  id: '1762430011223344',
  properties: {
    notifyHook: null,
    discordInstanceId: '1204455667788990011',
    finalPrompt: 'a lighthouse in fog --ar 2:3 --v 6.1',
    messageId: '1304455667788990022',
    messageHash: JOB,
    progressMessageId: '1304455667788990033',
    flags: 0,
    nonce: '1304455667788990044',
  },
  action: 'IMAGINE',
  status: 'SUCCESS',
  prompt: '雾中的灯塔 --ar 2:3',
  promptEn: 'a lighthouse in fog --ar 2:3',
  description: '/imagine 雾中的灯塔 --ar 2:3',
  state: 'jm:6240000000000017',
  submitTime: 1_762_430_011_223,
  startTime: 1_762_430_012_000,
  finishTime: 1_762_430_060_500,
  imageUrl: `https://cdn.discordapp.com/attachments/1/2/fog_${JOB}.png?ex=69&is=68&hm=ab`,
  progress: '100%',
  failReason: null,
};

/** A finished grid as trueai's midjourney-proxy shows it: every key present, pictures as objects, buttons. */
export const TRUEAI_SUCCESS = {
  ...NOVICEZK_SUCCESS,
  id: '1762430099887766',
  parentId: null,
  botType: 'MID_JOURNEY',
  realBotType: null,
  isWhite: false,
  remixAutoSubmit: false,
  imageUrls: [0, 1, 2, 3].map((n) => ({ url: `${CDN}/0_${n}.png`, thumbnail: `${CDN}/0_${n}_640_N.webp` })),
  thumbnailUrl: null,
  jobId: JOB,
  seed: '3127649981',
  mode: 'FAST',
  accountFilter: null,
  videoUrl: null,
  videoUrls: null,
  useTime: '48.50 s',
  failReason: '',
  displays: { status: 'SUCCESS', submitTime: '2026-11-06 19:53:31' },
  buttons: [
    { customId: `MJ::JOB::upsample::1::${JOB}`, emoji: '', label: 'U1', style: 2, type: 2 },
    { customId: `MJ::JOB::reroll::0::${JOB}::SOLO`, emoji: '🔄', label: '', style: 2, type: 2 },
    { customId: `MJ::JOB::variation::4::${JOB}`, emoji: null, label: 'V4', style: '1', type: 2 },
  ],
};

/** A running task as new-api shows it: "" and 0 where there is nothing yet. */
export const NEW_API_RUNNING = {
  id: '1762430055667788',
  action: 'IMAGINE',
  customId: '',
  botType: '',
  prompt: 'a lighthouse in fog',
  promptEn: '',
  description: 'Submit success',
  state: '',
  submitTime: 1_762_430_055_667,
  startTime: 0,
  finishTime: 0,
  imageUrl: '',
  videoUrl: '',
  videoUrls: null,
  status: 'IN_PROGRESS',
  progress: '37%',
  failReason: '',
  buttons: null,
  maskBase64: '',
  properties: { finalPrompt: '', finalZhPrompt: '' },
};

/** A finished film as trueai's midjourney-proxy shows it: its clips are among the pictures as well. */
export const TRUEAI_VIDEO = {
  ...TRUEAI_SUCCESS,
  action: 'VIDEO',
  imageUrl: `https://cdn.example.com/attachments/${JOB}.webp`,
  imageUrls: [{ url: `${CDN}/0_0.mp4`, thumbnail: null }, { url: `${CDN}/0_1.mp4` }, { url: `${CDN}/0_0.png` }],
  videoUrl: `https://cdn.example.com/attachments/${JOB}.webp`,
  videoUrls: [{ url: `${CDN}/0_0.mp4` }, { url: `${CDN}/0_1.mp4` }],
  buttons: [],
};
