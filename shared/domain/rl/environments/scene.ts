/**
 * A drawing as data: shapes from back to front in pixels, origin at the top left, y downwards. The
 * console draws it on a canvas or as SVG; `paint` names a role that the console gives a colour.
 */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/**
 * ground: earth, walls, guide lines · cell: a square to stand on, a card's face · start, goal, hazard:
 * squares of that meaning · body, limb, joint: the parts of what acts · label: text.
 */
export type Paint = 'ground' | 'cell' | 'start' | 'goal' | 'hazard' | 'body' | 'limb' | 'joint' | 'label';

export type Shape =
  | { readonly kind: 'line'; readonly paint: Paint; readonly from: Point; readonly to: Point }
  | { readonly kind: 'polygon'; readonly paint: Paint; readonly points: readonly Point[] }
  | { readonly kind: 'circle'; readonly paint: Paint; readonly centre: Point; readonly radius: number }
  | {
      readonly kind: 'rectangle';
      readonly paint: Paint;
      /** Top left corner. */
      readonly at: Point;
      readonly width: number;
      readonly height: number;
      /** Of the corners. */
      readonly radius: number;
    }
  /** One line of text around its centre; `size` is the height of the letters' box. */
  | {
      readonly kind: 'text';
      readonly paint: Paint;
      readonly centre: Point;
      readonly size: number;
      readonly text: string;
    };

/** [x, y] in pixels. */
export type Point = readonly [number, number];
