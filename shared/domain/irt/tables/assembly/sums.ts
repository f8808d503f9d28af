/**
 * Sums over the nodes of a table's rows, in float64, two nodes at a time: those at even nodes and those at odd ones are
 * added up apart, so that a row's sum does not depend on the rows beside it. Addresses are in bytes.
 */

/**
 * Where the rows of `items` begin, as distances from the table's first row in bytes, u32 into `wanted`.
 * @param items numbers of items, u32
 * @param first number of each item's first row, u32, and of the row after the last item's
 * @param skipped rows of each item that are left out, its first ones
 * @param width bytes of a row
 * @returns how many rows
 */
export function find(items: usize, count: i32, first: usize, skipped: u32, width: u32, wanted: usize): i32 {
  const start = wanted;
  for (; count > 0; count--) {
    const at = first + (<usize>load<u32>(items) << 2);
    const end = load<u32>(at, 4) * width;
    for (let row = (load<u32>(at) + skipped) * width; row < end; row += width) {
      store<u32>(wanted, row);
      wanted += 4;
    }
    items += 4;
  }
  return <i32>((wanted - start) >> 2);
}

@inline
function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

@inline
export function total(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Σ_q masses[q] row[q] of four rows at a time into `sums`, one number a row.
 * @param wanted each row's distance from `table` in bytes, u32, in fours
 * @param nodes numbers of a row
 */
export function dot(table: usize, wanted: usize, fours: i32, masses: usize, nodes: i32, sums: usize): void {
  const even = <usize>(nodes & ~1) << 3;
  const odd = (nodes & 1) != 0;
  for (; fours > 0; fours--) {
    const a = table + <usize>load<u32>(wanted);
    const b = table + <usize>load<u32>(wanted, 4);
    const c = table + <usize>load<u32>(wanted, 8);
    const d = table + <usize>load<u32>(wanted, 12);
    let sumA = f64x2.splat(0);
    let sumB = sumA;
    let sumC = sumA;
    let sumD = sumA;
    for (let q: usize = 0; q < even; q += 16) {
      const mass = v128.load(masses + q);
      sumA = addProduct(sumA, mass, v128.load(a + q));
      sumB = addProduct(sumB, mass, v128.load(b + q));
      sumC = addProduct(sumC, mass, v128.load(c + q));
      sumD = addProduct(sumD, mass, v128.load(d + q));
    }
    if (odd) {
      const mass = v128.load64_zero(masses + even);
      sumA = addProduct(sumA, mass, v128.load64_zero(a + even));
      sumB = addProduct(sumB, mass, v128.load64_zero(b + even));
      sumC = addProduct(sumC, mass, v128.load64_zero(c + even));
      sumD = addProduct(sumD, mass, v128.load64_zero(d + even));
    }
    store<f64>(sums, total(sumA));
    store<f64>(sums, total(sumB), 8);
    store<f64>(sums, total(sumC), 16);
    store<f64>(sums, total(sumD), 24);
    wanted += 16;
    sums += 32;
  }
}

/**
 * The sums of two rows at a time with three masses each: into `sums`, three numbers a row.
 * @param wanted each row's distance from `table` in bytes, u32, in twos
 * @param masses [3][nodes]
 */
export function dotThrice(table: usize, wanted: usize, twos: i32, masses: usize, nodes: i32, sums: usize): void {
  const even = <usize>(nodes & ~1) << 3;
  const odd = (nodes & 1) != 0;
  const seconds = masses + (<usize>nodes << 3);
  const thirds = seconds + (<usize>nodes << 3);
  for (; twos > 0; twos--) {
    const a = table + <usize>load<u32>(wanted);
    const b = table + <usize>load<u32>(wanted, 4);
    let a1 = f64x2.splat(0);
    let a2 = a1;
    let a3 = a1;
    let b1 = a1;
    let b2 = a1;
    let b3 = a1;
    for (let q: usize = 0; q < even; q += 16) {
      const atA = v128.load(a + q);
      const atB = v128.load(b + q);
      let mass = v128.load(masses + q);
      a1 = addProduct(a1, mass, atA);
      b1 = addProduct(b1, mass, atB);
      mass = v128.load(seconds + q);
      a2 = addProduct(a2, mass, atA);
      b2 = addProduct(b2, mass, atB);
      mass = v128.load(thirds + q);
      a3 = addProduct(a3, mass, atA);
      b3 = addProduct(b3, mass, atB);
    }
    if (odd) {
      const atA = v128.load64_zero(a + even);
      const atB = v128.load64_zero(b + even);
      let mass = v128.load64_zero(masses + even);
      a1 = addProduct(a1, mass, atA);
      b1 = addProduct(b1, mass, atB);
      mass = v128.load64_zero(seconds + even);
      a2 = addProduct(a2, mass, atA);
      b2 = addProduct(b2, mass, atB);
      mass = v128.load64_zero(thirds + even);
      a3 = addProduct(a3, mass, atA);
      b3 = addProduct(b3, mass, atB);
    }
    store<f64>(sums, total(a1));
    store<f64>(sums, total(a2), 8);
    store<f64>(sums, total(a3), 16);
    store<f64>(sums, total(b1), 24);
    store<f64>(sums, total(b2), 32);
    store<f64>(sums, total(b3), 40);
    wanted += 8;
    sums += 48;
  }
}
