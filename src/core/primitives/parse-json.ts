import { wholeFrom } from './whole-number.ts';

/**
 * Like JSON.parse, but a whole number that a double cannot keep becomes a bigint.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayHaveWholeNumber(text) ? new Reader(text).read() : value;
}

/** Digits of the smallest whole number that a double cannot keep. */
const LONG = 16;

/**
 * Whether a JSON text may have a whole number of 16 or more digits. A run of 16 digits covers a place that is a
 * multiple of 16, so almost all of the text is skipped. Digits of fractions and most digits in strings do not count.
 */
export function mayHaveWholeNumber(text: string): boolean {
  for (let place = LONG - 1; place < text.length; place += LONG) {
    if (!isDigit(text.charCodeAt(place))) continue;
    let [from, to] = [place, place + 1];
    while (isDigit(text.charCodeAt(from - 1))) from -= 1;
    while (isDigit(text.charCodeAt(to))) to += 1;
    if (to - from >= LONG && BEFORE.has(text.charAt(from - 1)) && AFTER.has(text.charAt(to))) return true;
    place += LONG * Math.floor((to - 1 - place) / LONG);
  }
  return false;
}

const BEFORE: ReadonlySet<string> = new Set(['', ':', ',', '[', '-', ' ', '\t', '\n', '\r']);
const AFTER: ReadonlySet<string> = new Set(['', ',', ']', '}', ' ', '\t', '\n', '\r']);

/** NaN, beyond the text, is no digit. */
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Reads a text that JSON.parse has accepted, so it checks nothing. */
class Reader {
  private place = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): unknown {
    const sign = this.next();
    if (sign === '{') return this.object();
    if (sign === '[') return this.array();
    if (sign === '"') return this.string();
    const literal = this.take(LITERAL);
    return /^-?\d+$/.test(literal) ? wholeFrom(literal) : (JSON.parse(literal) as unknown);
  }

  private object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.place += 1;
    while (this.next() !== '}') {
      const name = this.string();
      this.next();
      this.place += 1;
      entries.push([name, this.read()]);
      if (this.next() === ',') this.place += 1;
    }
    this.place += 1;
    // Own properties, like JSON.parse: also for `__proto__`, and the last of equal names.
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    this.place += 1;
    while (this.next() !== ']') {
      values.push(this.read());
      if (this.next() === ',') this.place += 1;
    }
    this.place += 1;
    return values;
  }

  private string(): string {
    return JSON.parse(this.take(STRING)) as string;
  }

  /** The next character that is not white space. */
  private next(): string {
    this.take(SPACE);
    return this.text.charAt(this.place);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.place;
    const [taken = ''] = pattern.exec(this.text) ?? [];
    this.place += taken.length;
    return taken;
  }
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const LITERAL = /[^ \t\n\r,\]}]+/y;
