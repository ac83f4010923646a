/** Every number is a whole multiple of this, the smallest there is: 2^-1074. */
const SMALLEST_EXPONENT = -1074;
const MANTISSA_BITS = 52n;
/** More than the 53 that a number has, so that one bit can stand for all that are cut off. */
const KEPT_BITS = 64;

/** The sum as a fraction, rounded once. */
export function exactSum(numbers: readonly number[]): number {
  const multiple = numbers.reduce((total, number) => total + multipleOf(number), 0n);
  return multiple < 0n ? -rounded(-multiple) : rounded(multiple);
}

/** How many times the smallest number it is, by its bits: sign, exponent, mantissa. */
function multipleOf(number: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(number));
  const exponent = bits.getBigUint64(0) >> MANTISSA_BITS;
  const mantissa = bits.getBigUint64(0) & ((1n << MANTISSA_BITS) - 1n);
  const multiple = exponent === 0n ? mantissa : (mantissa + (1n << MANTISSA_BITS)) << (exponent - 1n);
  return number < 0 ? -multiple : multiple;
}

/** `Number` rounds a BigInt to the nearest number, a tie to the even one. */
function rounded(multiple: bigint): number {
  const cut = Math.max(0, multiple.toString(2).length - KEPT_BITS);
  const kept = multiple >> BigInt(cut);
  const isCut = kept << BigInt(cut) !== multiple;
  // In two steps, as 2^-1074 times something larger must not become 0 on the way.
  const exponent = cut + SMALLEST_EXPONENT;
  return Number(isCut ? kept | 1n : kept) * 2 ** Math.ceil(exponent / 2) * 2 ** Math.floor(exponent / 2);
}
