import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const MAC_APP = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const APT = 'apt-get';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPage {
  page: Page;
  /** Uncaught errors, and errors and policy violations on the browser console. */
  problems: string[];
  /** The hosts of all requests. */
  hosts: Set<string>;
  close(): Promise<void>;
}

/** Opens the console in a new browser and waits until it is live. `token`: logs in with it first. */
export const openConsole = (url: string, token?: string): Promise<OpenPage> => openPage(url, 'Live', token);

/** Opens a page in a new browser and waits until it shows a text. */
export async function openPage(url: string, text: string, token?: string): Promise<OpenPage> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    // Chromium's sandbox does not start as root, for example in a container.
    args: isRoot ? [...FLAGS, '--no-sandbox'] : FLAGS,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:') hosts.add(host);
  });
  try {
    if (token !== undefined) await page.request.post(new URL('/api/session', url).href, { data: { token } });
    await page.goto(url);
    await page.getByText(text, { exact: true }).waitFor();
  } catch (error) {
    await browser.close();
    throw new Error(`The page at ${url} did not come up. ${problems.join(' | ')}`, { cause: error });
  }
  return { page, problems, hosts, close: () => browser.close() };
}

const isRoot = process.getuid?.() === 0;

/** CHROMIUM_PATH, or Chromium on PATH, or Chrome on macOS; as root on Debian, installs Chromium. */
export function findChromium(): string {
  const configured = process.env['CHROMIUM_PATH'];
  if (configured !== undefined) return configured;
  const found = onPath() ?? (isExecutable(MAC_APP) ? MAC_APP : undefined);
  if (found !== undefined) return found;
  if (isRoot && existsSync('/etc/debian_version')) {
    console.log('The browser tests need Chromium: apt-get install -y chromium …');
    for (const step of [['update'], ['install', '-y', 'chromium']])
      execFileSync(APT, step, { stdio: ['ignore', 'ignore', 'inherit'] });
    const installed = onPath();
    if (installed !== undefined) return installed;
  }
  throw new Error('The browser tests need Chromium or Chrome: install it, or set CHROMIUM_PATH to its executable.');
}

const onPath = (): string | undefined =>
  NAMES.flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))).find(
    isExecutable,
  );

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
