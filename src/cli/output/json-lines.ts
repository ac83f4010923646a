/** Characters per write. */
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
const BATCH_LENGTH = 65_536;

/** Writes one JSON value per line, in batches. */
export class JsonLines {
  private text = '';
  private readonly out: { write(text: string): unknown };

  constructor(out: { write(text: string): unknown }) {
    this.out = out;
  }

  add(value: object): void {
    this.text += `${writeForOthers(value)}\n`;
    if (this.text.length >= BATCH_LENGTH) this.flush();
  }

  flush(): void {
    if (this.text !== '') this.out.write(this.text);
    this.text = '';
  }
}
