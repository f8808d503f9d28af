import { render } from 'preact';
import { App } from './app/app.tsx';
import { followLocation } from './app/location.ts';
import { resume } from './app/session.ts';
import './styles/index.css';

followLocation();
void resume();
const root = document.querySelector('#app');
if (root) render(<App />, root);
