import { render } from 'preact';
import * as z from 'zod';
import { App } from './app/app.tsx';
import { followLocation } from './app/location.ts';
import { resume } from './app/session.ts';
import './styles/index.css';

// the page's content security policy allows no generated code
z.config({ jitless: true });

followLocation();
void resume();
const root = document.querySelector('#app');
if (root) render(<App />, root);
