export { AssetKeeper } from './keep/asset-keeper.js';
export type { KeepResult } from './keep/keep-result.js';
export { ASSET_DEFAULTS, type AssetOptions } from './asset-options.js';
export { AssetPoller } from './keep/asset-poller.js';
export { AssetTable, keptFile, type ClaimedAsset, type KeptFile } from './keep/asset-table.js';
export type { ByteReader } from './format/byte-reader.js';
export { AssetsModule, type AssetsSettings } from './assets.module.js';
export { Asset, type AssetKey, type AssetKind } from './keep/asset.entity.js';
export { DoomedFile } from './keep/doomed-file.entity.js';
export { CONVERTER_DEFAULTS, ConverterPool, type ConverterOptions } from './conversion/converter-pool.js';
export type { Conversion, ConversionOrder } from './conversion/conversion-order.js';
export { DiskImageStore } from './store/disk-image-store.js';
export { FileMissingError, ImageStore, type ByteSpan, type LocalFile } from './store/image-store.js';
export { FOREIGN_FORMATS, sniffForeign, type ForeignFormat } from './format/foreign-format.js';
export { LinkRefresher, type OriginWay } from './fetch/link-refresher.js';
export {
  LINKED_INPUT_LIMITS,
  LinkedInputs,
  type LinkedInput,
  type LinkedInputLimits,
  type LinkFault,
} from './fetch/linked-inputs.js';
export { OriginClient } from './fetch/origin-client.js';
export { PictureProxy, type ProxiedPicture } from './fetch/picture-proxy.js';
export { PictureOrigin, type PictureOwner } from './fetch/picture-origin.js';
export { PictureCutter, type CutPicture, type UnstoredPicture } from './serve/picture-cutter.js';
export { InputPicture } from './inputs/input-picture.entity.js';
export { InputPictures, InputsUnavailableError, type InputToPublish } from './inputs/input-pictures.js';
export { InputReader, type Admission } from './inputs/input-reader.js';
export type { LinkedPicture } from './inputs/input-table.js';
export type { ConvertedMask } from './inputs/mask-converter.js';
export { SET_BACK_INPUTS } from './inputs/set-back.js';
export { PictureConverter, type ConvertedPicture, type SizeLimits } from './serve/picture-converter.js';
export { shownSizeFromHeader, sizeFromHeader } from './format/picture-header.js';
export { PictureRefusedError, type PictureRefusal, type PictureSize } from './format/picture-size.js';
export { agreesWith, PICTURE_TYPES, SNIFF_BYTES, sniffType, type PictureType } from './format/picture-type.js';
export {
  etagOf,
  recipeFor,
  roundWidth,
  VARIANT_FORMATS,
  type Recipe,
  type VariantFormat,
  type VariantWidth,
  type VariantRequest,
} from './serve/picture-variant.js';
export { PictureRemover } from './keep/picture-remover.js';
export { PictureReader, type OpenedPicture } from './serve/picture-reader.js';
export { PreviewCache, type Preview, type PreviewSource } from './serve/preview-cache.js';
export { S3ImageStore, type S3Options } from './store/s3-image-store.js';
export { Store } from './store/store.entity.js';
export { StoreIdentity } from './store/store-identity.js';
export { StoreHealth, StoreWriteError } from './store/store-health.js';
export { isWholePicture } from './format/whole-picture.js';
export { layoutOf, type GridCell } from './serve/grid-layout.js';
export { enqueuePictures } from './keep/enqueue-pictures.js';
export { SET_BACK_DOOMED, SET_BACK_PICTURES } from './keep/set-back.js';
