import { UnknownIdLimiter } from '../image/unknown-id-limiter.js';

/** Makes guessing links of inputs pointless. Apart from that of pictures: neither uses up the other. */
export class InputLinkLimiter extends UnknownIdLimiter {}
