/**
 * Every error that the gateway itself answers with code 4, and its HTTP status.
 * The spelling is the contract: clients of new-api compare these strings.
 */
export const LOCAL_ERRORS = {
  bind_request_body_failed: {
    status: 400,
    meaning: 'The body is not the JSON this route takes; `properties.field` names the field.',
  },
  prompt_is_required: { status: 400, meaning: 'The prompt is missing or blank.' },
  prompt_is_too_long: { status: 400, meaning: 'The prompt has more than 8,192 characters.' },
  prompt_is_invalid: { status: 400, meaning: 'The prompt breaks a rule of Midjourney (keys with strict lint).' },
  prompt_is_several_jobs: {
    status: 400,
    meaning:
      'The prompt is several jobs (`properties.jobs`), by options in braces or `--repeat`: this key, or relax mode, takes one.',
  },
  too_many_jobs: { status: 400, meaning: 'The prompt is more than 40 jobs; `properties.jobs` says how many.' },
  task_id_is_required: { status: 400, meaning: '`taskId` is missing.' },
  action_is_required: { status: 400, meaning: '`action` is missing.' },
  index_is_required: {
    status: 400,
    meaning: 'UPSCALE and VARIATION need the `index` of a picture: 1..4, or more where the buttons say so.',
  },
  content_is_required: { status: 400, meaning: '`content` is missing.' },
  content_parse_failed: {
    status: 400,
    meaning: '`content` is not "<taskId> U1..U4|V1..V4|R", or names no picture of that grid.',
  },
  custom_id_is_required: { status: 400, meaning: '`customId` is missing.' },
  unknown_action: { status: 400, meaning: 'No such action or button.' },
  index_parse_failed: { status: 400, meaning: 'The index in the customId is not a number.' },
  link_is_invalid: {
    status: 400,
    meaning: 'A picture link is no http(s) URL that may be followed, or nothing came from it within 20 s.',
  },
  base64_array_is_required: { status: 400, meaning: 'Too few or too many pictures for this route.' },
  base64_is_invalid: {
    status: 400,
    meaning:
      'A picture is not base64 of a whole PNG, JPEG, WebP, GIF, AVIF or TIFF; `properties.format` names one that cannot be read.',
  },
  image_too_large: { status: 400, meaning: 'A picture is over 10 MiB, 16,384 px a side or 50 megapixels.' },
  dimensions_is_invalid: { status: 400, meaning: '`dimensions` is not PORTRAIT, SQUARE or LANDSCAPE.' },
  mode_is_invalid: { status: 400, meaning: '`mode` is not RELAX, FAST or TURBO.' },
  mode_not_allowed: { status: 400, meaning: 'This key may not use the mode, or it has no price.' },
  action_not_allowed: { status: 400, meaning: 'This key may not use the action.' },
  notify_hook_is_invalid: { status: 400, meaning: '`notifyHook` is not a URL that may be called.' },
  state_is_too_long: { status: 400, meaning: '`state` has more than 4,096 characters.' },
  sour_base64_and_target_base64_is_required: { status: 400, meaning: 'Face swap needs both pictures.' },
  task_not_found: { status: 400, meaning: 'The task that a submit builds on is unknown to this key.' },
  task_no_found: { status: 400, meaning: 'The task asked for is unknown to this key.' },
  task_status_not_success: {
    status: 400,
    meaning: 'The task that a submit builds on has no result (or opens no window).',
  },
  task_is_finished: { status: 400, meaning: 'The task has ended already.' },
  cancel_not_supported: { status: 400, meaning: 'The task cannot be cancelled now.' },
  quota_not_enough: { status: 400, meaning: 'The credits of this key do not cover the price.' },
  too_many_ids: { status: 400, meaning: 'More than 10,000 ids in one call.' },
  width_is_invalid: { status: 400, meaning: '`w` is not a whole number from 1 to 2048.' },
  format_is_invalid: { status: 400, meaning: '`format` is not webp, jpeg or png.' },
  invalid_api_key: { status: 401, meaning: 'No key, an unknown or revoked one, or two different ones.' },
  session_has_ended: {
    status: 401,
    meaning: 'The session of Studio has ended, or the request carries two of them; sign in again.',
  },
  session_has_no_key: {
    status: 401,
    meaning: 'The admin who is signed in to Studio has not chosen the key to act for, or it was revoked.',
  },
  studio_header_is_missing: {
    status: 403,
    meaning: 'A write with the cookie of Studio lacks the header `x-journeyman-studio: 1`.',
  },
  address_not_allowed: { status: 403, meaning: 'This key may not be used from this address.' },
  not_found: { status: 404, meaning: 'No such route, or no such picture.' },
  picture_withheld: { status: 404, meaning: 'This picture of a grid was moderated away; the others are there.' },
  method_not_allowed: { status: 405, meaning: 'The route exists under another method.' },
  request_outstanding: { status: 409, meaning: 'The first request with this Idempotency-Key is still being sent.' },
  request_timeout: { status: 408, meaning: 'The request came too slowly.' },
  request_header_too_large: { status: 431, meaning: 'The headers are over 16 KiB.' },
  request_is_malformed: { status: 400, meaning: 'What came is no HTTP, or names several hosts or none.' },
  expectation_failed: { status: 417, meaning: '`Expect` asks for something else than 100-continue.' },
  transfer_encoding_not_supported: { status: 501, meaning: 'The body comes in another transfer coding than chunks.' },
  request_body_too_large: { status: 413, meaning: 'The body is over the limit of this route.' },
  media_type_not_supported: {
    status: 415,
    meaning: 'The body is not JSON (or multipart where a route takes it), or in a coding besides gzip, deflate and br.',
  },
  range_not_satisfiable: { status: 416, meaning: 'The range begins behind the end of the picture.' },
  idempotency_key_reused: { status: 422, meaning: 'The Idempotency-Key was used with another body or mode.' },
  idempotency_key_is_invalid: { status: 400, meaning: 'The Idempotency-Key is empty or longer than 255 characters.' },
  too_many_requests: {
    status: 429,
    meaning: 'Too many requests at once, unknown picture ids or wrong keys from one address.',
  },
  internal_error: { status: 500, meaning: 'A fault of the gateway; the request id finds it in the log.' },
  picture_too_large: { status: 422, meaning: 'The grid is too large to be cut here; ask for it as a whole.' },
  picture_unavailable: { status: 502, meaning: 'The origin of the picture failed or sent what is no picture.' },
  database_unavailable: { status: 503, meaning: 'Postgres is away; try again after `Retry-After` seconds.' },
  took_too_long: {
    status: 503,
    meaning: 'The database took too long over this question, and only over this one; ask for less, or try again later.',
  },
  pictures_busy: {
    status: 503,
    meaning: 'Too many pictures are being converted or fetched; try again after `Retry-After`.',
  },
  overloaded: { status: 503, meaning: 'Too many requests under way here; try again after `Retry-After` seconds.' },
  too_many_uploads: {
    status: 503,
    meaning: 'Too many large bodies at once; try again after `Retry-After` seconds.',
  },
  upstream_not_available: {
    status: 503,
    meaning: 'The upstream of the task that a submit builds on is disabled or failing.',
  },
  picture_timeout: { status: 504, meaning: 'The origin of the picture did not answer in 20 s.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type LocalErrorName = keyof typeof LOCAL_ERRORS;
