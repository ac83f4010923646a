/**
 * Types for the part of htm's standalone build (which bundles preact) that the console uses. The types in the htm
 * package need the preact package, which is not installed.
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
