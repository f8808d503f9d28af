/**
 * A drawing as data: shapes from back to front in pixels, origin at the top left, y downwards. The
 * console draws it on a canvas or as SVG; `paint` names a role that the console gives a colour.
 */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export type Paint = 'ground' | 'body' | 'limb' | 'joint' | 'goal';

export type Shape =
  | { readonly kind: 'line'; readonly paint: Paint; readonly from: Point; readonly to: Point }
  | { readonly kind: 'polygon'; readonly paint: Paint; readonly points: readonly Point[] }
  | { readonly kind: 'circle'; readonly paint: Paint; readonly centre: Point; readonly radius: number };

/** [x, y] in pixels. */
export type Point = readonly [number, number];
