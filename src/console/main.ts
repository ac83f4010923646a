import { html, render } from 'htm/preact/standalone';
import { Root } from './components/root.ts';

const place = document.getElementById('console');
if (place) render(html`<${Root} />`, place);
