import { wholeFrom } from '../numbers/whole-number.ts';

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
  const { length } = text;
  for (let place = LONG - 1; place < length; place += LONG) {
    if (!isDigit(text.charCodeAt(place))) continue;
    // No further than the last place: a digit there means that this run has been looked at.
    let before = place - 1;
    while (before > place - LONG && isDigit(text.charCodeAt(before))) before -= 1;
    if (before >= 0 && !mayBeBefore(text.charCodeAt(before))) continue;
    let to = place + 1;
    while (to < length && isDigit(text.charCodeAt(to))) to += 1;
    if (to - before > LONG && (to === length || mayBeAfter(text.charCodeAt(to)))) return true;
  }
  return false;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** White space, or one of `:` `,` `[` `-`. */
const mayBeBefore = (code: number): boolean =>
  code === 0x3a || code === 0x2c || code === 0x5b || code === 0x2d || isSpace(code);

/** White space, or one of `,` `]` `}`. */
const mayBeAfter = (code: number): boolean => code === 0x2c || code === 0x5d || code === 0x7d || isSpace(code);

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
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const LITERAL = /[^ \t\n\r,\]}]+/y;
