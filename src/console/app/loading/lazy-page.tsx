import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { PageTitle } from '../page-title.tsx';

/** A page that is loaded when somebody opens it. An upgrade of vigil may have replaced its file. */
export const lazyPage = <Props,>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> =>
  lazy(() => load().then(asModule, () => asModule(LoadFailed as ComponentType<Props>)));

const asModule = <Props,>(page: ComponentType<Props>) => ({ default: page });

function LoadFailed() {
  return (
    <div class="empty-page">
      <PageTitle text="This page did not load" />
      <p>vigil does not answer, or has been upgraded since you opened the console.</p>
      <button onClick={() => location.reload()}>Load again</button>
    </div>
  );
}
