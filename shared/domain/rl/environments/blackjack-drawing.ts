import type { Point, Scene, Shape } from './scene.ts';

export interface TableView {
  /** The dealer's hand is open. */
  readonly over: boolean;
  /** Of the dealer's shown card: index into the suits, and which face if it counts 10. */
  readonly suit: number;
  readonly face: number;
  readonly dealer: readonly number[];
  readonly dealerSum: number;
  readonly player: readonly number[];
  readonly playerSum: number;
}

const WIDTH = 480;
const HEIGHT = 320;
const CARD_WIDTH = 76;
const CARD_HEIGHT = 108;
const LEFT = 96;
const DEALER_TOP = 32;
const PLAYER_TOP = HEIGHT - DEALER_TOP - CARD_HEIGHT;
const SUITS = ['♣', '♦', '♥', '♠'] as const;
const FACES = ['J', 'Q', 'K'] as const;

/** Dealer above, player below, sums on the left. */
export function drawTable(view: TableView): Scene {
  const shapes: Shape[] = [{ kind: 'line', paint: 'ground', from: [0, HEIGHT / 2], to: [WIDTH, HEIGHT / 2] }];
  const shown = view.over ? view.dealer : view.dealer.slice(0, 1);
  const dealerPlaces = placesOf(Math.max(view.dealer.length, 2), DEALER_TOP);
  shown.forEach((card, i) => {
    shapes.push(...openCard(dealerPlaces[i] ?? [0, 0], card, i === 0 ? view : null));
  });
  if (!view.over) shapes.push(...backOfCard(dealerPlaces[1] ?? [0, 0]));
  const playerPlaces = placesOf(view.player.length, PLAYER_TOP);
  view.player.forEach((card, i) => {
    shapes.push(...openCard(playerPlaces[i] ?? [0, 0], card, null));
  });
  if (view.over) shapes.push(sumLabel(DEALER_TOP, view.dealerSum));
  shapes.push(sumLabel(PLAYER_TOP, view.playerSum));
  return { width: WIDTH, height: HEIGHT, shapes };
}

/** Top left corners: beside each other, overlapping where there is no room. */
function placesOf(count: number, top: number): Point[] {
  const room = WIDTH - LEFT - CARD_WIDTH - 16;
  const step = Math.min(CARD_WIDTH + 12, room / Math.max(count - 1, 1));
  return Array.from({ length: count }, (_, i) => [LEFT + i * step, top]);
}

function openCard(at: Point, card: number, look: { suit: number; face: number } | null): Shape[] {
  const [x, y] = at;
  const name = card === 1 ? 'A' : card === 10 && look !== null ? (FACES[look.face] ?? '10') : String(card);
  const shapes: Shape[] = [
    face(at),
    { kind: 'text', paint: 'label', centre: [x + 18, y + 20], size: 20, text: name },
  ];
  if (look !== null) {
    const centre: Point = [x + CARD_WIDTH / 2, y + CARD_HEIGHT / 2 + 8];
    shapes.push({ kind: 'text', paint: 'label', centre, size: 36, text: SUITS[look.suit] ?? '' });
  }
  return shapes;
}

function face([x, y]: Point): Shape {
  return { kind: 'rectangle', paint: 'cell', at: [x, y], width: CARD_WIDTH, height: CARD_HEIGHT, radius: 8 };
}

function backOfCard(at: Point): Shape[] {
  const [x, y] = at;
  const pattern: Shape = {
    kind: 'rectangle',
    paint: 'body',
    at: [x + 8, y + 8],
    width: CARD_WIDTH - 16,
    height: CARD_HEIGHT - 16,
    radius: 5,
  };
  return [face(at), pattern];
}

function sumLabel(top: number, total: number): Shape {
  const centre: Point = [LEFT / 2, top + CARD_HEIGHT / 2];
  return { kind: 'text', paint: 'label', centre, size: 34, text: String(total) };
}
