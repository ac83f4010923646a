import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGE = 'docs/coming-from-iot-events.md';
const FOLDER = 'examples/iot-events';

const page = readFileSync(PAGE, 'utf8');
const files = readdirSync(FOLDER).filter((file) => !file.endsWith('.test.yaml'));

describe(PAGE, () => {
  it.each(files)('shows %s as it is, without its comments, and links to it', (file) => {
    const rule = readFileSync(join(FOLDER, file), 'utf8').replaceAll(/^#.*\n/gm, '');
    expect(page).toContain(`\`\`\`yaml\n${rule}\`\`\``);
    expect(page).toContain(`(../${FOLDER}/${file})`);
  });
});
