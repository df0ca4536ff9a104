import type { Rgb } from '../math.ts';

export type ClothesKind = 'crew' | 'vneck' | 'turtleneck' | 'hoodie' | 'shirt';

export interface Clothes {
  readonly kind: ClothesKind;
  readonly colour: Rgb;
}
