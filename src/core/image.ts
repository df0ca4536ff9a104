/**
 * A picture as the pipeline sees it: 8-bit RGBA, row-major, the layout of the DOM's `ImageData`. Plain object, so that
 * a page, a worker and Node exchange it alike.
 */
export interface RgbaImage {
  readonly data: Uint8ClampedArray;
  /** pixels */
  readonly width: number;
  /** pixels */
  readonly height: number;
}

/** An aligned face: 8-bit RGB, `size * size * 3` bytes, row-major, the only input that the embedder takes. */
export interface AlignedCrop {
  readonly data: Uint8ClampedArray;
  /** pixels; 112 for every shipped model */
  readonly size: number;
}
