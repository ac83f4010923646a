import { html, render } from 'htm/preact/standalone';
import { App } from './components/app.ts';

const place = document.getElementById('console');
if (place) render(html`<${App} />`, place);
