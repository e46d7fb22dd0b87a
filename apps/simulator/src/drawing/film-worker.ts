import { parentPort } from 'node:worker_threads';
import encoders, { type H264MP4Encoder } from 'h264-mp4-encoder';
import type { FilmAnswer, FilmMessage } from './film-protocol.js';

/** 10 is the fastest; 26 of 10..51 shows no blocks in what is drawn here. */
const SPEED = 10;
const QUANTIZATION = 26;

// The encoder computes: here it holds up nobody but other films.
const open = new Map<number, Promise<H264MP4Encoder>>();

async function begin(message: Extract<FilmMessage, { kind: 'begin' }>): Promise<H264MP4Encoder> {
  const encoder = await encoders.createH264MP4Encoder();
  encoder.outputFilename = `${message.film}.mp4`;
  encoder.width = message.width;
  encoder.height = message.height;
  encoder.frameRate = message.framesPerSecond;
  encoder.groupOfPictures = message.framesPerSecond;
  encoder.speed = SPEED;
  encoder.quantizationParameter = QUANTIZATION;
  encoder.initialize();
  return encoder;
}

async function take(message: FilmMessage): Promise<void> {
  if (message.kind === 'begin') {
    open.set(message.film, begin(message));
    return;
  }
  const encoder = await open.get(message.film);
  if (encoder === undefined) return;
  if (message.kind === 'frame') {
    encoder.addFrameRgba(message.rgba);
    return;
  }
  open.delete(message.film);
  if (message.kind === 'end') {
    encoder.finalize();
    const bytes = encoder.FS.readFile(encoder.outputFilename);
    encoder.FS.unlink(encoder.outputFilename);
    answer({ film: message.film, bytes });
  }
  encoder.delete();
}

function answer(message: FilmAnswer): void {
  parentPort?.postMessage(message);
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: FilmMessage) => {
  last = last
    .then(() => take(message))
    .catch((error: unknown) =>
      answer({ film: message.film, error: error instanceof Error ? error.message : 'unknown' }),
    );
});
