declare const unit: unique symbol;
type Unit<Name extends string> = { readonly [unit]: Name };

/** Angle in radians. */
export type Radians = number & Unit<'radians'>;
/** A value from 0 to 1. */
export type Fraction = number & Unit<'fraction'>;

/** Position in pixels of the picture that was analysed; (0, 0) is the outer corner of its top left pixel. */
export interface ImagePoint extends Unit<'image-pixels'> {
  readonly x: number;
  readonly y: number;
}

/** Axis-aligned box in pixels of the picture that was analysed; may reach beyond its edges. */
export interface ImageBox extends Unit<'image-pixels'> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const radians = (value: number): Radians => value as Radians;
export const degrees = (value: number): Radians => radians((value * Math.PI) / 180);
export const fraction = (value: number): Fraction => value as Fraction;
export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;
export const imageBox = (x: number, y: number, width: number, height: number): ImageBox =>
  ({ x, y, width, height }) as ImageBox;
