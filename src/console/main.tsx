import { render } from 'preact';
import { Root } from './app/root.tsx';
import './design/tokens.css';
import './design/base.css';
import './design/components.css';
import './design/table/table.css';

const place = document.getElementById('console');
if (place) render(<Root />, place);
