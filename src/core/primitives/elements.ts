/** The values that a path with `[*]` finds in an event, in their order; none if the list has no such element. */
export class Elements {
  // A class: nothing in an event, which is JSON, can be mistaken for it.
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}
