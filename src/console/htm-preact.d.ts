/**
 * What the console uses of the standalone build, which carries preact in it. The types that come with htm need the
 * preact package beside it, which the page does not.
 */
declare module 'htm/preact/standalone' {
  export interface VNode {
    readonly props: object;
  }
  export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;
  export function render(node: VNode, parent: Element): void;
  export function useEffect(effect: () => (() => void) | undefined, inputs?: readonly unknown[]): void;
  export function useState<S>(initial: S): [S, (next: S) => void];
  export function useReducer<S, A>(reducer: (state: S, action: A) => S, initial: S): [S, (action: A) => void];
}
